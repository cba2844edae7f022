import { setImmediate as turn } from 'node:timers/promises';
import { frameTimeMs, type FrameRate } from '../core/rational.js';
import type { UnpacedProgram } from './unpaced-program.js';

export type UnpacedRunOptions = {
  readonly program: UnpacedProgram;
  readonly frameRate: FrameRate;
  readonly frames: number;
  /** Wall-clock moment that frame 0 shows, milliseconds. */
  readonly startWallTimeMs: number;
  /** Whether a frame would be taken now; when it says no, `goOn` is to be called as soon as it would. */
  readonly canAccept: () => boolean;
  /** Frame `n` is the newest program frame. */
  readonly accept: (n: number) => void;
};

/** Frames that may be planned and not taken yet; those without a change take no job slot. */
const MAX_AHEAD = 4;

/** Steps that are made at once. */
const MAX_TURNS = 64;

/** Makes frames as fast as they can be drawn and taken, none left out, in order. */
export class UnpacedRun {
  readonly #options: UnpacedRunOptions;
  #nextPlan = 0;
  #nextTake = 0;
  #wake: () => void = () => undefined;

  constructor(options: UnpacedRunOptions) {
    this.#options = options;
  }

  /** Resolves when all frames have been accepted. */
  async run(): Promise<void> {
    const { program, frames } = this.#options;
    for (let turns = 1; this.#nextTake < frames; turns++) {
      if (!this.#step()) {
        const woken = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        await Promise.race([program.compositor.progress(), woken]);
      }
      // Frames that change nothing are complete at once: timers and streams must get their turn among them.
      if (turns % MAX_TURNS === 0) await turn();
    }
  }

  /** Frames would be taken again. */
  goOn(): void {
    this.#wake();
  }

  /** Plans and takes one frame, where that is possible now; false when neither is. */
  #step(): boolean {
    const { program, frameRate, frames, startWallTimeMs, canAccept, accept } = this.#options;
    let hasMoved = false;
    const isAhead = this.#nextPlan - this.#nextTake >= MAX_AHEAD;
    if (this.#nextPlan < frames && !isAhead && program.compositor.freeSlots > 0) {
      program.plan(this.#nextPlan, startWallTimeMs + frameTimeMs(this.#nextPlan, frameRate));
      this.#nextPlan += 1;
      hasMoved = true;
    }
    if (this.#nextTake < this.#nextPlan && program.isComplete(this.#nextTake) && canAccept()) {
      program.take(this.#nextTake);
      accept(this.#nextTake);
      this.#nextTake += 1;
      hasMoved = true;
    }
    return hasMoved;
  }
}
