import { frameTimeMs, toFps, type FrameRate } from '../core/rational.js';

/**
 * How long before its deadline a frame is planned, in frames: one leaves a busy machine no slack, two make a change
 * of the scene wait longer. See src/README.md for the measurement.
 */
const LEAD_FRAMES = 1.5;

/** How long before it is due a frame is planned, milliseconds. */
export function leadMsOf(frameRate: FrameRate): number {
  return (LEAD_FRAMES * 1000) / toFps(frameRate);
}

/** A timer may wake this much too early and the slot is still due, milliseconds. */
const EARLY_MS = 0.2;

export type PacedClockOptions = {
  readonly frameRate: FrameRate;
  /** When slot 0 is planned, by `performance.now()` of this thread: it is due after the lead. */
  readonly startMs: number;
  readonly onPlan: (n: number) => void;
  /** Slot `n` is due; `lateMs` is how far its deadline lies back. */
  readonly onDue: (n: number, lateMs: number) => void;
};

/**
 * The program clock: slot n is due at its beginning plus n·den/num, computed from n, so that it never drifts. Every
 * slot is due exactly once and in order, however late the timer was.
 */
export class PacedClock {
  readonly #options: PacedClockOptions;
  readonly #leadMs: number;
  readonly #firstDueMs: number;
  #nextPlan = 0;
  #nextDue = 0;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: PacedClockOptions) {
    this.#options = options;
    this.#leadMs = leadMsOf(options.frameRate);
    this.#firstDueMs = options.startMs + this.#leadMs;
    this.#tick();
  }

  /** How many slots have been due. */
  get slots(): number {
    return this.#nextDue;
  }

  /** The newest frame that has been planned and is not due yet; null when there is none. */
  get pendingFrame(): number | null {
    return this.#nextPlan > this.#nextDue ? this.#nextPlan - 1 : null;
  }

  /** The frame that will be planned next. */
  get nextFrame(): number {
    return Math.max(this.#nextPlan, this.#nextDue);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #deadlineMs(n: number): number {
    return this.#firstDueMs + frameTimeMs(n, this.#options.frameRate);
  }

  #tick(): void {
    const nowMs = performance.now() + EARLY_MS;
    while (!this.#isStopped && this.#deadlineMs(this.#nextDue) <= nowMs) {
      const n = this.#nextDue++;
      this.#options.onDue(n, Math.max(0, performance.now() - this.#deadlineMs(n)));
    }
    // A frame whose deadline is over is not worth drawing any more.
    this.#nextPlan = Math.max(this.#nextPlan, this.#nextDue);
    while (!this.#isStopped && this.#deadlineMs(this.#nextPlan) - this.#leadMs <= nowMs) {
      this.#options.onPlan(this.#nextPlan++);
    }
    // Whoever is called here may stop the clock.
    if (this.#isStopped) return;
    const nextMs = Math.min(
      this.#deadlineMs(this.#nextDue),
      this.#deadlineMs(this.#nextPlan) - this.#leadMs,
    );
    this.#timer = setTimeout(
      () => {
        this.#tick();
      },
      Math.max(0, Math.ceil(nextMs - performance.now())),
    );
  }
}
