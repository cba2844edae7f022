import { programTimeOfFrame, wallTimeOfFrame, type ProgramClock } from './program-clock.js';
import { toFps, type FrameRate } from './rational.js';

/** Samples of sound a second. */
export const SAMPLE_RATE_HZ = 48_000;

/** From here on a difference between wall clock and anchor is a step and no jitter, milliseconds. */
const STEP_MS = 20;
/** Smaller differences are averaged over about so many measurements, which come once a second. */
const AVERAGED = 8;
/** Their average moves the anchor from here on, milliseconds: 200 ppm of drift do so once in ten seconds. */
const DRIFT_MS = 2;

/** A reading of the wall clock whose moment is less certain than this is tried again, and not used, milliseconds. */
const CERTAIN_MS = 2;
const READING_TRIES = 3;

/** The wall clock, milliseconds since 1970, and when that was by the monotonic clock. */
export type WallReading = { readonly wallMs: number; readonly monotonicMs: number };

/**
 * Reads the wall clock between two readings of the monotonic one: what the system did in between must not count as a
 * step. Null when the thread was interrupted at every try.
 */
export function readWallClock(
  wallNow: () => number,
  monotonicNow: () => number,
): WallReading | null {
  for (let i = 0; i < READING_TRIES; i++) {
    const beforeMs = monotonicNow();
    const wallMs = wallNow();
    const afterMs = monotonicNow();
    if (afterMs - beforeMs <= CERTAIN_MS) return { wallMs, monotonicMs: (beforeMs + afterMs) / 2 };
  }
  return null;
}

/** The first sample (48 kHz) that belongs to frame `n` and to no earlier one: n·den·48000/num, rounded down. */
export function firstSample(n: number, { num, den }: FrameRate): number {
  // More than a double holds exactly after some weeks at 30000/1001.
  const samples = BigInt(n) * BigInt(den) * BigInt(SAMPLE_RATE_HZ);
  const rate = BigInt(num);
  const isBelow = samples < 0n && samples % rate !== 0n;
  return Number(samples / rate) - (isBelow ? 1 : 0);
}

/** The frame that a sample belongs to. */
export function frameOfSample(sample: number, rate: FrameRate): number {
  const near = Math.floor((sample * rate.num) / (rate.den * SAMPLE_RATE_HZ));
  // Rounding may be off by one either way.
  for (const n of [near + 1, near]) if (firstSample(n, rate) <= sample) return n;
  return near - 1;
}

/** The times of a frame. */
export type FrameTimes = {
  /** By which all that moves goes, milliseconds since 1970: never jumps. */
  readonly programTimeMs: number;
  /** What is to be added to show the hour of day, milliseconds. */
  readonly wallOffsetMs: number;
};

export type MediaClockOptions = {
  readonly frameRate: FrameRate;
  /** What frame 0 shows, wall-clock milliseconds. */
  readonly startedAtMs: number;
  /** When frame 0 is planned, which is the moment that it shows, by the monotonic clock, milliseconds. */
  readonly startMonotonicMs: number;
  /** When frame 0 is due, by `process.hrtime.bigint()`. */
  readonly firstDueNs: bigint;
  readonly leadMs: number;
};

/**
 * The one clock of a program: frame n has media time n·den/num by its number alone, and is compared with the wall clock
 * once a second. A wall clock that was set (20 ms or more) counts at once; drift is followed on average. Reads no clock
 * itself. Owned by the playout.
 */
export class MediaClock {
  /** When frame 0 is planned, by the monotonic clock, milliseconds. */
  readonly startMonotonicMs: number;
  #clock: ProgramClock;
  #driftMs = 0;
  #nextMeasuredFrame: number;

  constructor(options: MediaClockOptions) {
    const { frameRate, startedAtMs, startMonotonicMs, firstDueNs, leadMs } = options;
    this.startMonotonicMs = startMonotonicMs;
    this.#clock = {
      frameRate,
      startedAtMs,
      firstDueNs,
      leadMs,
      anchor: { frame: 0, wallTimeMs: startedAtMs, programTimeMs: startedAtMs, stepMs: 0 },
    };
    this.#nextMeasuredFrame = this.#framesASecond;
  }

  /** As of now, for others. */
  get clock(): ProgramClock {
    return this.#clock;
  }

  timesOf(n: number): FrameTimes {
    const programTimeMs = programTimeOfFrame(n, this.#clock);
    return { programTimeMs, wallOffsetMs: wallTimeOfFrame(n, this.#clock) - programTimeMs };
  }

  /** Whether the wall clock is to be read before frame `n` is planned: once a second. */
  isMeasuredWith(n: number): boolean {
    return n >= this.#nextMeasuredFrame;
  }

  /**
   * Compares with the wall clock before frame `n` is planned, which must not be before one that is planned already.
   * Answers whether the clock has another anchor now.
   */
  measure(n: number, { wallMs, monotonicMs }: WallReading): boolean {
    this.#nextMeasuredFrame = n + this.#framesASecond;
    const { frameRate } = this.#clock;
    const position =
      ((monotonicMs - this.startMonotonicMs) * frameRate.num) / (frameRate.den * 1000);
    // As the anchor has it, also where the reading is of a moment before it.
    const expectedMs =
      wallTimeOfFrame(n, this.#clock) - ((n - position) * frameRate.den * 1000) / frameRate.num;
    const differsMs = wallMs - expectedMs;
    if (Math.abs(differsMs) >= STEP_MS) {
      this.#moveAnchor(n, differsMs);
      return true;
    }
    this.#driftMs += (differsMs - this.#driftMs) / AVERAGED;
    if (Math.abs(this.#driftMs) < DRIFT_MS) return false;
    this.#moveAnchor(n, this.#driftMs);
    return true;
  }

  #moveAnchor(n: number, stepMs: number): void {
    const clock = this.#clock;
    this.#driftMs = 0;
    this.#clock = {
      ...clock,
      anchor: {
        frame: n,
        wallTimeMs: wallTimeOfFrame(n, clock) + stepMs,
        programTimeMs: programTimeOfFrame(n, clock),
        stepMs,
      },
    };
  }

  get #framesASecond(): number {
    return Math.max(1, Math.floor(toFps(this.#clock.frameRate)));
  }
}
