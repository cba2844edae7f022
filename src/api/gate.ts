import { AppError } from '../core/errors.js';
import type { Authenticator, Identity } from './auth.js';
import type { RateLimits } from './rate-limit.js';

/** The one door that every request passes, over HTTP or as a WebSocket. */
export class Gate {
  readonly #authenticator: Authenticator;
  readonly #rates: RateLimits;

  constructor(authenticator: Authenticator, rates: RateLimits) {
    this.#authenticator = authenticator;
    this.#rates = rates;
  }

  /** Counts a request that needs no token. @throws RetryLaterError */
  async count(address: string): Promise<void> {
    await this.#rates.takeRequests(address, 1);
  }

  /**
   * Counts a request and tells who sends it. The owner's token is looked at even when wrong ones keep coming
   * from the same address: nobody can lock the owner out, and guessing stays bound to the rate of requests.
   * @throws AppError SM_AUTH_*, SM_RATE_LIMITED
   */
  async admit(address: string, token: string | null): Promise<Identity> {
    await this.#rates.takeRequests(address, 1);
    try {
      return await this.#authenticator.check(token);
    } catch (error) {
      if (error instanceof AppError && error.code === 'SM_AUTH_INVALID') {
        await this.#rates.takeAuthFailure(address);
      }
      throw error;
    }
  }
}
