import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '../core/errors.js';
import type { Authenticator, Identity } from './auth.js';
import type { RateLimits } from './rate-limit.js';

/** Tokens that were good before are looked at again whatever else comes from their address. */
const REMEMBERED_TOKENS = 1000;

/** By what the requests of a sender are counted: one who has a token is not held back by others at the same address. */
export function callerOf({ subject }: Identity, address: string): string {
  return `${address} ${subject}`;
}

/** The one door that every request passes, over HTTP or as a WebSocket. */
export class Gate {
  readonly #authenticator: Authenticator;
  readonly #rates: RateLimits;
  /** Digests. */
  readonly #goodTokens = new LRUCache<string, true>({ max: REMEMBERED_TOKENS });

  constructor(authenticator: Authenticator, rates: RateLimits) {
    this.#authenticator = authenticator;
    this.#rates = rates;
  }

  /** Counts a request for a page that needs no token. @throws RetryLaterError */
  async countPage(address: string): Promise<void> {
    await this.#rates.takePage(address);
  }

  /**
   * Who sends a request. Requests without a token, those with one that has to be verified first, and those of each known
   * sender are counted separately: no flood from an address keeps its owner out, and guessing stays bound to the rate of
   * requests.
   * @throws AppError SM_AUTH_*, SM_RATE_LIMITED
   */
  async identify(address: string, token: string | null): Promise<Identity> {
    return this.#authenticator.known(token) ?? (await this.#verify(address, token));
  }

  /** Counts a request of a known sender. @throws RetryLaterError */
  async count(identity: Identity, address: string): Promise<void> {
    await this.#rates.takeRequest(callerOf(identity, address));
  }

  async #verify(address: string, token: string | null): Promise<Identity> {
    if (token === null) {
      await this.#rates.takeAnonymous(address);
      return this.#authenticator.check(null);
    }
    const digest = createHash('sha256').update(token).digest('base64');
    if (!this.#goodTokens.has(digest)) await this.#rates.takeUnverified(address);
    try {
      const identity = await this.#authenticator.check(token);
      this.#goodTokens.set(digest, true);
      return identity;
    } catch (error) {
      if (error instanceof AppError && error.code === 'SM_AUTH_INVALID') {
        await this.#rates.takeAuthFailure(address);
      }
      throw error;
    }
  }
}
