import type { FrameTimes } from '../core/media-clock.js';
import {
  ASKED,
  CLOCK,
  DUE,
  EPOCH,
  FIRST_DUE,
  type FrameFormat,
  formatIn,
  GENERATION,
  type HandoverViews,
  NO_FRAME,
  PROGRAM_TIME,
  requestIndexOf,
  viewsOf,
  WAKE,
  WALL_OFFSET,
} from './handover-layout.js';

/** What the stitcher asks for. */
export type FrameRequest = {
  /** Tells one run of the clock from another: with each of them the first frame is a whole one. */
  readonly epoch: number;
  /** The newest frame that is asked for; null: none yet. Below 0: before the clock has begun. */
  readonly asked: number | null;
  /** The next slot that is due: frames before it are not worth drawing any more. */
  readonly due: number;
};

/** What the stitcher asks for, as the threads read it that answer: the compositor and the mixer. */
export class FrameRequests {
  protected readonly views: HandoverViews;
  #seenWake: number;

  constructor(memory: WebAssembly.Memory) {
    this.views = viewsOf(memory);
    this.#seenWake = Atomics.load(this.views.words, WAKE);
  }

  /** Tells one format from the next. */
  get generation(): number {
    return Atomics.load(this.views.words, GENERATION);
  }

  get format(): FrameFormat {
    return formatIn(this.views);
  }

  get request(): FrameRequest {
    const { words, longs } = this.views;
    for (;;) {
      const epoch = Atomics.load(words, EPOCH);
      const asked = Atomics.load(longs, ASKED);
      const due = Atomics.load(longs, DUE);
      // The stitcher may have begun anew between these: then they do not belong together.
      if (Atomics.load(words, EPOCH) !== epoch) continue;
      return {
        epoch,
        asked: asked === NO_FRAME ? null : Number(asked),
        due: due === NO_FRAME ? -Infinity : Number(due),
      };
    }
  }

  /** Which clock the frames belong to that are asked for, by its start; NaN: none. */
  get clockStartedAtMs(): number {
    return this.views.times[CLOCK] ?? NaN;
  }

  /** When frame 0 of that clock is due on the monotonic clock, milliseconds; NaN: there is no clock. */
  get firstDueMs(): number {
    return this.views.times[FIRST_DUE] ?? NaN;
  }

  /** The times that frame `n` shows, of the last few that were asked for. */
  timesOf(n: number): FrameTimes {
    const { times } = this.views;
    return {
      programTimeMs: times[PROGRAM_TIME + requestIndexOf(n)] ?? 0,
      wallOffsetMs: times[WALL_OFFSET + requestIndexOf(n)] ?? 0,
    };
  }

  /** Resolves when the stitcher has asked for something since the last call; at once when it has already. */
  async requested(): Promise<void> {
    const { words } = this.views;
    const wait = Atomics.waitAsync(words, WAKE, this.#seenWake);
    if (wait.async) await wait.value;
    // Before anything else is read: what comes after this wakes it once more.
    this.#seenWake = Atomics.load(words, WAKE);
  }
}
