import type { FrameTimes } from '../core/media-clock.js';
import type { FrameMoment } from '../core/program-clock.js';
import { frameTimeMs, toFps, type FrameRate } from '../core/rational.js';
import type { CompositorPort } from '../memory/handover.js';

/** How long before its moment the pictures of a scheduled scene are decoded and what is slow is painted, milliseconds. */
const LOAD_AHEAD_MS = 5000;

/** What frames show of time: those the stitcher has asked for, and those to come. */
export class FrameMoments {
  readonly #port: CompositorPort;
  readonly #frameRate: FrameRate;

  constructor(port: CompositorPort, frameRate: FrameRate) {
    this.#port = port;
    this.#frameRate = frameRate;
  }

  /** @param asked - the newest frame that is asked for; what comes after it is taken to follow it without a correction */
  timesOf(n: number, asked: number | null): FrameTimes {
    if (asked === null || n <= asked) return this.#port.timesOf(n);
    const { programTimeMs, wallOffsetMs } = this.#port.timesOf(asked);
    return {
      programTimeMs: programTimeMs + frameTimeMs(n - asked, this.#frameRate),
      wallOffsetMs,
    };
  }

  /** What decides which batches are due by frame `n`. */
  momentOf(n: number, asked: number | null): FrameMoment {
    const { programTimeMs, wallOffsetMs } = this.timesOf(n, asked);
    const { clockStartedAtMs } = this.#port;
    return { n, clockStartedAtMs, wallTimeMs: programTimeMs + wallOffsetMs };
  }

  /** What is due by then is made ready while frame `n` is shown. */
  momentAhead(n: number, asked: number | null): FrameMoment {
    return this.momentOf(n + Math.ceil((LOAD_AHEAD_MS * toFps(this.#frameRate)) / 1000), asked);
  }

  /** The same for the one before it, which need not have been asked for. */
  momentBefore(n: number, asked: number | null): FrameMoment {
    const { clockStartedAtMs, wallTimeMs } = this.momentOf(n, asked);
    const frameMs = frameTimeMs(1, this.#frameRate);
    return { n: n - 1, clockStartedAtMs, wallTimeMs: wallTimeMs - frameMs };
  }
}
