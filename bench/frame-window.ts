/** Counts frames in a window of time that opens when the warm-up is over. */
export class FrameWindow {
  /** Frames per second, once the window is over. */
  readonly fps: Promise<number>;
  readonly #warmUpFrames: number;
  readonly #windowMs: number;
  #resolve: (fps: number) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #frames = 0;
  #startMs = 0;
  #isOver = false;

  constructor(warmUpFrames: number, seconds: number) {
    this.#warmUpFrames = warmUpFrames;
    this.#windowMs = seconds * 1000;
    this.fps = new Promise((resolve, reject) => {
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
    if (counted === 0) this.#startMs = nowMs;
    const elapsedMs = nowMs - this.#startMs;
    if (this.#isOver || counted <= 0 || elapsedMs < this.#windowMs) return;
    this.#isOver = true;
    this.#resolve((counted * 1000) / elapsedMs);
  }

  /** Ends the window without a figure. */
  fail(error: Error): void {
    this.#isOver = true;
    this.#reject(error);
  }
}
