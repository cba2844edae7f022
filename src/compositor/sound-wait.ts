import { frameTimeMs, type FrameRate } from '../core/rational.js';
import { HearingScenes } from './hears.js';
import type { ProgramHearing } from './program-hearing.js';
import type { SceneTimeline } from './timeline.js';

/**
 * How long a frame that shows sound waits for it, in frames: it comes when the frame before it goes, half a frame after it was
 * asked for. What is left is enough to draw it.
 */
const WAIT_FRAMES = 0.75;

/** A frame that waits, or has waited for as long as it may. */
type Waiting = { readonly epoch: number; readonly frame: number; isOver: boolean };

/** Holds a frame back until it is known how loud it is, if it shows that; bounded, and no thread stands still for it. */
export class SoundWait {
  /** Null: nobody hears anything, and nothing waits. */
  readonly #hearing: ProgramHearing | null;
  /** Told that the frame need not wait any more. */
  readonly #onOver: () => void;
  readonly #scenes = new HearingScenes();
  #epoch = NaN;
  #frameRate: FrameRate = { num: 1, den: 1 };
  #waiting: Waiting | null = null;

  constructor(hearing: ProgramHearing | null, onOver: () => void) {
    this.#hearing = hearing;
    this.#onOver = onOver;
  }

  /** Frames are counted anew. */
  begin(epoch: number, frameRate: FrameRate): void {
    this.#epoch = epoch;
    this.#frameRate = frameRate;
    this.#waiting = null;
    this.#hearing?.begin(epoch);
  }

  /** Whether frame `n` is better planned later: then it is told when. */
  holdsBack(n: number, timeline: SceneTimeline): boolean {
    const hearing = this.#hearing;
    if (hearing === null || n < 0 || !this.#scenes.has(timeline) || !hearing.isComing(n))
      return false;
    if (this.#waiting?.frame === n) return !this.#waiting.isOver;
    const waiting = { epoch: this.#epoch, frame: n, isOver: false };
    this.#waiting = waiting;
    void this.#wait(hearing, waiting);
    return true;
  }

  async #wait(hearing: ProgramHearing, waiting: Waiting): Promise<void> {
    const endMs = performance.now() + frameTimeMs(WAIT_FRAMES, this.#frameRate);
    for (;;) {
      const leftMs = endMs - performance.now();
      if (leftMs > 0) await hearing.written(leftMs);
      // Another frame, or another run of the clock, has come meanwhile.
      if (this.#waiting !== waiting) return;
      if (leftMs <= 0 || !hearing.isComing(waiting.frame)) break;
    }
    waiting.isOver = true;
    this.#onOver();
  }
}
