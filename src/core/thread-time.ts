import { openSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/**
 * Processor time of threads, as Linux tells it (`/proc/…/schedstat`, sched-stats.rst): on a machine that is busy with
 * others, how long something took says little about how much it was. The system counts it in ticks.
 */
const TICK_MS = 4;
const NS_PER_MS = 1e6;
/** A thread that waits for what never comes takes no time: it is given up after so many times its limit. */
const PATIENCE = 5;

function toMs(ns = ''): number | null {
  return ns === '' || Number.isNaN(Number(ns)) ? null : Number(ns) / NS_PER_MS;
}

let ownId: number | null = null;

/** Id by which the system knows the calling thread; 0 where it does not tell. */
export function systemThreadId(): number {
  try {
    ownId ??= Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    ownId = 0;
  }
  return ownId;
}

let ownFile: number | null = null;
const buffer = Buffer.alloc(64);

/**
 * Milliseconds that this thread has spent on a processor; null where the system does not say. Costs 8 µs, and is exact to
 * a tick of the scheduler.
 */
export function threadTimeMs(): number | null {
  try {
    ownFile ??= openSync('/proc/thread-self/schedstat', 'r');
    const length = readSync(ownFile, buffer, 0, buffer.length, 0);
    return toMs(buffer.toString('latin1', 0, length).split(' ')[0]);
  } catch {
    return null;
  }
}

/** Begins to measure work of the calling thread; the function answers how long it has worked, milliseconds. */
export function measureWork(): () => number {
  const startedAtMs = performance.now();
  const cpuMs = threadTimeMs();
  return () => {
    const tookMs = performance.now() - startedAtMs;
    if (cpuMs === null || tookMs <= TICK_MS) return tookMs;
    const nowMs = threadTimeMs();
    return nowMs === null ? tookMs : Math.min(tookMs, nowMs - cpuMs + TICK_MS);
  };
}

/** Milliseconds that a thread of this process has spent on a processor; null where the system does not say. */
function cpuMsOf(id: number): number | null {
  try {
    if (id === 0) return null;
    return toMs(readFileSync(`/proc/self/task/${id}/schedstat`, 'latin1').split(' ')[0]);
  } catch {
    return null;
  }
}

/** Watches how long another thread of this process works at something. */
export class WorkLimit {
  readonly #limitMs: number;
  readonly #systemId: number;
  readonly #startedAtMs = performance.now();
  readonly #cpuMs: number | null;

  /** Begins now, with a thread by the id that the system knows it by; 0: all the time counts. */
  constructor(systemId: number, limitMs: number) {
    this.#systemId = systemId;
    this.#limitMs = limitMs;
    this.#cpuMs = cpuMsOf(systemId);
  }

  /** Whether it has worked longer than it may. */
  get isOver(): boolean {
    const tookMs = performance.now() - this.#startedAtMs;
    if (tookMs < this.#limitMs) return false;
    const nowMs = cpuMsOf(this.#systemId);
    if (nowMs === null || this.#cpuMs === null) return true;
    return nowMs - this.#cpuMs >= this.#limitMs || tookMs >= PATIENCE * this.#limitMs;
  }
}
