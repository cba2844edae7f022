import { AppError } from '../core/errors.js';
import type { Exchange } from './exchange.js';

const POLL_MS = 10;

/** The exchanges that are being answered. None is taken before the server listens, and none once it closes. */
export class OpenExchanges {
  readonly #open = new Set<Exchange>();
  #isServing = false;

  get isServing(): boolean {
    return this.#isServing;
  }

  begin(): void {
    this.#isServing = true;
  }

  end(): void {
    this.#isServing = false;
  }

  /** @throws AppError SM_SHUTTING_DOWN; the exchange is known all the same, until its refusal has been sent */
  track(exchange: Exchange): void {
    this.#open.add(exchange);
    exchange.onClose(() => this.#open.delete(exchange));
    if (!this.#isServing) {
      throw new AppError(
        'SM_SHUTTING_DOWN',
        'The service is shutting down. Try again in a moment.',
      );
    }
  }

  /** Resolves when all are answered, or after so many milliseconds. */
  async settled(timeoutMs: number): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    while (this.#open.size > 0 && performance.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
