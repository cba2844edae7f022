import { frameTimeMs, type FrameRate } from './rational.js';

/**
 * Where a program clock and the wall clock meet. From here on program time approaches wall time by at most
 * `MAX_SLEW_MS` a frame, so both follow from the number of a frame until the next anchor.
 */
export type ClockAnchor = {
  /** The first frame that it holds for. */
  readonly frame: number;
  /** What the wall clock shows with it, milliseconds since 1970. */
  readonly wallTimeMs: number;
  /** The program time that it shows, milliseconds since 1970. */
  readonly programTimeMs: number;
  /** How much later the wall clock is with this frame than it would have been by the anchor before; 0: the first one. */
  readonly stepMs: number;
};

/**
 * A running program clock, for whoever is not on its thread. Frame n has media time n·den/num and is due on the
 * monotonic clock, which all threads share, at `firstDueNs` plus the same. It shows two more times: program time, by
 * which all that moves goes and which never jumps, and wall time, which is right at once after the wall clock was set.
 * Whenever the anchor changes, another object of the same `startedAtMs` takes its place.
 */
export type ProgramClock = {
  readonly frameRate: FrameRate;
  /** Wall-clock milliseconds that frame 0 shows. Tells one clock from another. */
  readonly startedAtMs: number;
  /** Monotonic nanoseconds (`process.hrtime.bigint()`) at which frame 0 is due. */
  readonly firstDueNs: bigint;
  /** How long before it is due a frame is planned, milliseconds. */
  readonly leadMs: number;
  readonly anchor: ClockAnchor;
};

/** A frame of the program, and its place on the clock that it belongs to. */
export type AirFrame = { readonly frame: number; readonly mediaTimeMs: number };

/** A frame of one clock and of no other. */
export type ClockFrame = { readonly clockStartedAtMs: number; readonly frame: number };

/** When something is due: with a frame as long as its clock runs, otherwise by the wall clock. */
export type DueMoment = {
  /** Wall-clock milliseconds. */
  readonly dueAtMs: number;
  /** Null: by the wall clock in any case. */
  readonly dueFrame: ClockFrame | null;
};

/** What a frame is compared with a moment by. */
export type FrameMoment = {
  readonly n: number;
  /** Of the clock that it belongs to; NaN: of none. */
  readonly clockStartedAtMs: number;
  readonly wallTimeMs: number;
};

/** How much nearer program time may come to wall time with one frame, milliseconds. */
export const MAX_SLEW_MS = 0.5;

/**
 * Moments that are given by a frame's number are exact to a quarter of a microsecond, which is what is left of a
 * double for today's dates; a frame is at least 8 ms.
 */
const SAME_MOMENT_MS = 0.01;

/** Whether what is due at one wall-clock moment is due by the frame that shows another. */
export function isDueBy(dueAtMs: number, frameWallTimeMs: number): boolean {
  return dueAtMs <= frameWallTimeMs + SAME_MOMENT_MS;
}

/** Whether something is due by a frame. */
export function isDueWith({ dueAtMs, dueFrame }: DueMoment, moment: FrameMoment): boolean {
  return dueFrame?.clockStartedAtMs === moment.clockStartedAtMs
    ? dueFrame.frame <= moment.n
    : isDueBy(dueAtMs, moment.wallTimeMs);
}

/** The frame of a running clock that something is due with; null when it is due by the wall clock. */
export function frameOf({ dueFrame }: DueMoment, clock: ProgramClock | null): number | null {
  return clock !== null && dueFrame?.clockStartedAtMs === clock.startedAtMs ? dueFrame.frame : null;
}

/** The first frame whose media time is not before `mediaTimeMs`. */
export function frameAtMediaTime(mediaTimeMs: number, { num, den }: FrameRate): number {
  // Adding zero makes a zero of a negative one.
  return Math.ceil(((mediaTimeMs - SAME_MOMENT_MS) * num) / (den * 1000)) + 0;
}

/** Milliseconds from the anchor's frame to another, which need not be a whole one. */
function sinceAnchorMs(n: number, { frameRate, anchor }: ProgramClock): number {
  return frameTimeMs(n - anchor.frame, frameRate);
}

/** The first frame that shows a wall-clock moment or a later one; negative before the clock's start. */
export function frameAtOrAfter(wallTimeMs: number, clock: ProgramClock): number {
  const { anchor, frameRate } = clock;
  const sinceMs = wallTimeMs - anchor.wallTimeMs;
  const first = anchor.frame + frameAtMediaTime(sinceMs, frameRate);
  if (first >= anchor.frame) return first;
  // By the anchor before: when the wall clock was set forward, the moments in between are all shown by this frame.
  const before = anchor.frame + frameAtMediaTime(sinceMs + anchor.stepMs, frameRate);
  return Math.min(before, anchor.frame);
}

/** The wall-clock moment that frame `n` shows. `n` may lie between two frames. */
export function wallTimeOfFrame(n: number, clock: ProgramClock): number {
  const { anchor } = clock;
  const stepMs = n < anchor.frame ? anchor.stepMs : 0;
  return anchor.wallTimeMs - stepMs + sinceAnchorMs(n, clock);
}

/** The program time that frame `n` shows, milliseconds since 1970; never decreases. `n` may lie between two frames. */
export function programTimeOfFrame(n: number, clock: ProgramClock): number {
  const { anchor } = clock;
  const behindMs = anchor.wallTimeMs - anchor.programTimeMs;
  const sinceMs = sinceAnchorMs(n, clock);
  if (n <= anchor.frame || behindMs === 0) return anchor.programTimeMs + sinceMs;
  const slewMs = Math.min(Math.abs(behindMs), (n - anchor.frame) * MAX_SLEW_MS);
  // What has been made up for wholly is wall time to the last digit.
  return slewMs === Math.abs(behindMs)
    ? anchor.wallTimeMs + sinceMs
    : anchor.programTimeMs + sinceMs + Math.sign(behindMs) * slewMs;
}

/** The first frame that shows a program time or a later one. */
export function frameAtProgramTime(programTimeMs: number, clock: ProgramClock): number {
  const { anchor, frameRate } = clock;
  const shows = (frame: number): boolean =>
    programTimeOfFrame(frame, clock) >= programTimeMs - SAME_MOMENT_MS;
  let frame = anchor.frame + frameAtMediaTime(programTimeMs - anchor.programTimeMs, frameRate);
  // While program time approaches wall time its frames are a little longer or shorter.
  while (!shows(frame)) frame += 1;
  while (shows(frame - 1)) frame -= 1;
  return frame;
}

/** The program time at which something that is due by the wall clock is shown, if the wall clock is not set again. */
export function programTimeAtWallTime(wallTimeMs: number, clock: ProgramClock): number {
  const { anchor, frameRate } = clock;
  const frames = ((wallTimeMs - anchor.wallTimeMs) * frameRate.num) / (frameRate.den * 1000);
  // When the wall clock was set forward, the moments in between are all shown by the first frame after that.
  if (frames < 0 && anchor.stepMs > 0) return anchor.programTimeMs;
  return anchor.wallTimeMs === anchor.programTimeMs
    ? wallTimeMs
    : programTimeOfFrame(anchor.frame + frames, clock);
}

/** The program time at which something is shown; without a clock, what the next one is expected to show then. */
export function programTimeOf(due: DueMoment, clock: ProgramClock | null): number {
  if (clock === null) return due.dueAtMs;
  const frame = frameOf(due, clock);
  return frame === null
    ? programTimeAtWallTime(due.dueAtMs, clock)
    : programTimeOfFrame(frame, clock);
}

/**
 * The program time of what happens now, milliseconds since 1970. `nowNs` is monotonic. Without a clock it is the wall
 * clock's, from which the next one starts.
 */
export function programTimeNow(
  clock: ProgramClock | null,
  nowNs: bigint,
  wallTimeMs: number,
): number {
  if (clock === null) return wallTimeMs;
  const { frameRate, firstDueNs, leadMs } = clock;
  const sinceMs = Number(nowNs - firstDueNs) / 1e6 + leadMs;
  return programTimeOfFrame((sinceMs * frameRate.num) / (frameRate.den * 1000), clock);
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
