import { readTreeUsage } from './process-tree.js';

async function cpuSeconds(): Promise<number> {
  return (await readTreeUsage(process.pid)).cpuSeconds;
}

/** How fast frames were made, and what one of them cost on all cores together. */
export type Speed = { readonly fps: number; readonly cpuMsPerFrame: number };

/**
 * Counts frames in a window of time that opens when the warm-up is over. What this process and its children use
 * meanwhile is the cost of the frames.
 */
export class FrameWindow {
  /** Settles once the window is over. */
  readonly speed: Promise<Speed>;
  readonly #warmUpFrames: number;
  readonly #windowMs: number;
  #resolve: (speed: Promise<Speed>) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #frames = 0;
  #startMs = 0;
  #cpuSecondsBefore: Promise<number> = Promise.resolve(0);
  #isOver = false;

  constructor(warmUpFrames: number, seconds: number) {
    this.#warmUpFrames = warmUpFrames;
    this.#windowMs = seconds * 1000;
    this.speed = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Counts one frame, now. */
  count(): void {
    const nowMs = performance.now();
    const counted = ++this.#frames - this.#warmUpFrames;
    if (counted === 0) {
      this.#startMs = nowMs;
      this.#cpuSecondsBefore = cpuSeconds();
    }
    const elapsedMs = nowMs - this.#startMs;
    if (this.#isOver || counted <= 0 || elapsedMs < this.#windowMs) return;
    this.#isOver = true;
    this.#resolve(this.#speedOf(counted, elapsedMs));
  }

  async #speedOf(frames: number, elapsedMs: number): Promise<Speed> {
    const usedSeconds = (await cpuSeconds()) - (await this.#cpuSecondsBefore);
    return { fps: (frames * 1000) / elapsedMs, cpuMsPerFrame: (usedSeconds * 1000) / frames };
  }

  /** Ends the window without a figure. */
  fail(error: Error): void {
    this.#isOver = true;
    this.#reject(error);
  }
}
