import { frameTimeMs, type FrameRate } from './rational.js';

/**
 * A running program clock, for whoever is not on its thread. Frame n shows the wall-clock moment
 * `startedAtMs + n·den/num`; it is due on the monotonic clock, which all threads share, at `firstDueNs` plus the same.
 */
export type ProgramClock = {
  readonly frameRate: FrameRate;
  /** Wall-clock milliseconds that frame 0 shows. Tells one clock from another. */
  readonly startedAtMs: number;
  /** Monotonic nanoseconds (`process.hrtime.bigint()`) at which frame 0 is due. */
  readonly firstDueNs: bigint;
  /** How long before it is due a frame is planned, milliseconds. */
  readonly leadMs: number;
};

/** A frame of the program, and its place on the clock that it belongs to. */
export type AirFrame = { readonly frame: number; readonly mediaTimeMs: number };

/**
 * Moments that are given by a frame's number are exact to a quarter of a microsecond, which is what is left of a
 * double for today's dates; a frame is at least 8 ms.
 */
const SAME_MOMENT_MS = 0.01;

/** Whether what is due at one wall-clock moment is due by the frame that shows another. */
export function isDueBy(dueAtMs: number, frameWallTimeMs: number): boolean {
  return dueAtMs <= frameWallTimeMs + SAME_MOMENT_MS;
}

/** The first frame that shows a wall-clock moment or a later one; negative before the clock's start. */
export function frameAtOrAfter(wallTimeMs: number, clock: ProgramClock): number {
  const { num, den } = clock.frameRate;
  const sinceMs = wallTimeMs - SAME_MOMENT_MS - clock.startedAtMs;
  // Adding zero makes a zero of a negative one.
  return Math.ceil((sinceMs * num) / (den * 1000)) + 0;
}

/** The wall-clock moment that frame `n` shows. */
export function wallTimeOfFrame(n: number, clock: ProgramClock): number {
  return clock.startedAtMs + frameTimeMs(n, clock.frameRate);
}

function frameAt(sinceFirstDueMs: number, { frameRate }: ProgramClock): number {
  return Math.max(0, Math.floor((sinceFirstDueMs * frameRate.num) / (frameRate.den * 1000)));
}

/** The newest frame that is due, which is the one on air. `nowNs` is monotonic. */
export function frameOnAir(clock: ProgramClock, nowNs: bigint): number {
  return frameAt(Number(nowNs - clock.firstDueNs) / 1e6, clock);
}

/** The newest frame that is planned by now: what comes to the program from here is in a later one. */
export function newestPlannedFrame(clock: ProgramClock, nowNs: bigint): number {
  return frameAt(Number(nowNs - clock.firstDueNs) / 1e6 + clock.leadMs, clock);
}
