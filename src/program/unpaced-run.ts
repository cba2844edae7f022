import { frameTimeMs, type FrameRate } from '../core/rational.js';
import type { ProgramEngine } from './program-engine.js';

export type UnpacedRunOptions = {
  /** Its `onFlightEnd` must call `UnpacedRun.step`. */
  readonly engine: ProgramEngine;
  readonly frameRate: FrameRate;
  readonly frames: number;
  /** Wall-clock moment that frame 0 shows, milliseconds. */
  readonly startWallTimeMs: number;
  /** Whether a frame would be taken now; when it says no, call `step` as soon as it would. */
  readonly canAccept: () => boolean;
  /** Frame `n` is the newest program frame of the engine. */
  readonly accept: (n: number) => void;
};

/** Frames that may be planned and not taken yet; those without a change take no job slot. */
const MAX_AHEAD = 4;

/** Steps that are made at once. */
const MAX_TURNS = 64;

/**
 * Makes frames as fast as they can be drawn and taken, none left out: for rendering without a stream and for
 * benchmarks. The same engine as on air, without the clock.
 */
export class UnpacedRun {
  readonly #options: UnpacedRunOptions;
  #finish: (() => void) | null = null;
  #nextPlan = 0;
  #nextTake = 0;

  constructor(options: UnpacedRunOptions) {
    this.#options = options;
  }

  /** Resolves when all frames have been accepted. */
  async run(): Promise<void> {
    const done = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    this.step();
    await done;
  }

  /** Goes on as far as possible now. */
  step(): void {
    const { engine, frameRate, frames, startWallTimeMs, canAccept, accept } = this.#options;
    let hasMoved = true;
    for (let turn = 0; hasMoved; turn++) {
      // Frames that change nothing are complete at once: timers and streams must get their turn among them.
      if (turn === MAX_TURNS) {
        setImmediate(() => {
          this.step();
        });
        return;
      }
      hasMoved = false;
      const isAhead = this.#nextPlan - this.#nextTake >= MAX_AHEAD;
      if (this.#nextPlan < frames && !isAhead && engine.freeSlots > 0) {
        engine.plan(this.#nextPlan, startWallTimeMs + frameTimeMs(this.#nextPlan, frameRate));
        this.#nextPlan += 1;
        hasMoved = true;
      }
      if (this.#nextTake < this.#nextPlan && engine.isComplete(this.#nextTake) && canAccept()) {
        engine.take(this.#nextTake);
        accept(this.#nextTake);
        this.#nextTake += 1;
        hasMoved = true;
      }
    }
    if (this.#nextTake === frames) this.#finish?.();
  }
}
