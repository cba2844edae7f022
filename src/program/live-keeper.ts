import type { Logger } from '../core/logger.js';
import type { ProgramState } from '../stitcher/contract.js';

/** Pauses before a stream that failed is tried again, milliseconds: doubled from the first to the last. */
const FIRST_RETRY_MS = 5000;
const LAST_RETRY_MS = 60_000;
/** Being live for so long makes the next failure a first one again. */
const STABLE_MS = 60_000;

export type LiveKeeperOptions = {
  readonly isWanted: () => boolean;
  readonly start: () => Promise<void>;
  readonly logger: Logger;
};

/** Brings a stream back that failed although it is wanted: around the clock, nobody is there to press start. */
export class LiveKeeper {
  readonly #options: LiveKeeperOptions;
  #retry: NodeJS.Timeout | null = null;
  #pauseMs = FIRST_RETRY_MS;
  #liveSinceMs: number | null = null;
  #isClosed = false;

  constructor(options: LiveKeeperOptions) {
    this.#options = options;
  }

  /** To be told of every state of the program. */
  observe(state: ProgramState): void {
    if (state === 'live') this.#liveSinceMs = performance.now();
    if (state === 'failed') this.#schedule();
  }

  /** Goes live; a failure is logged and tried again later, for as long as it is wanted. Never rejects. */
  async start(): Promise<void> {
    try {
      await this.#options.start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.logger.error(
        { reason },
        'the stream could not go live; it will be tried again',
      );
      this.#schedule();
    }
  }

  #schedule(): void {
    if (this.#retry !== null || this.#isClosed) return;
    const wasStable =
      this.#liveSinceMs !== null && performance.now() - this.#liveSinceMs > STABLE_MS;
    this.#liveSinceMs = null;
    this.#pauseMs = wasStable ? FIRST_RETRY_MS : this.#pauseMs;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      if (this.#options.isWanted()) void this.start();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(LAST_RETRY_MS, this.#pauseMs * 2);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
  }
}
