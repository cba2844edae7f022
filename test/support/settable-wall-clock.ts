import { readFileSync } from 'node:fs';

/**
 * Loaded into all threads of a service with `--import`: their wall clock is as far ahead of the system's as the file says
 * that `SETTABLE_WALL_CLOCK` names, as JSON: a step in milliseconds, and a drift in parts per million since a moment.
 */
export type WallClockSetting = {
  readonly stepMs: number;
  readonly driftPpm: number;
  /** By the system's clock, milliseconds since 1970. */
  readonly sinceMs: number;
};

/** How long a thread may not know of a new setting, milliseconds. */
const READ_MS = 10;

const path = process.env['SETTABLE_WALL_CLOCK'] ?? '';
const systemNow = Date.now.bind(Date);
const SystemDate = Date;
let setting: WallClockSetting = { stepMs: 0, driftPpm: 0, sinceMs: systemNow() };

function read(): void {
  try {
    setting = JSON.parse(readFileSync(path, 'utf8')) as WallClockSetting;
  } catch {
    // It is being written, or not there yet: what was set before holds.
  }
}

function wallNow(): number {
  const { stepMs, driftPpm, sinceMs } = setting;
  const nowMs = systemNow();
  return Math.round(nowMs + stepMs + ((nowMs - sinceMs) * driftPpm) / 1e6);
}

if (path !== '') {
  read();
  setInterval(read, READ_MS).unref();
  globalThis.Date = new Proxy(SystemDate, {
    construct: (target, values: ConstructorParameters<DateConstructor> | []) =>
      values.length === 0 ? new target(wallNow()) : new target(...values),
    get: (target, name, receiver): unknown =>
      name === 'now' ? wallNow : Reflect.get(target, name, receiver),
  });
}
