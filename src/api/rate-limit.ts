import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiLimits } from './limits.js';
import { RetryLaterError } from './problem.js';

/** Counts requests, each kind of sender by itself. */
export interface RateLimits {
  /** Of one known sender at one address. @throws RetryLaterError when it has sent too much */
  takeRequest(caller: string): Promise<void>;
  /** Without a token. @throws RetryLaterError when the address has sent too much */
  takeAnonymous(address: string): Promise<void>;
  /** With a token that must be verified first. @throws RetryLaterError when the address has sent too much */
  takeUnverified(address: string): Promise<void>;
  /** For a page that is open to everybody. @throws RetryLaterError when the address has sent too much */
  takePage(address: string): Promise<void>;
  /** Counts a refused token. @throws RetryLaterError when there have been too many */
  takeAuthFailure(address: string): Promise<void>;
}

async function take(limiter: RateLimiterMemory, key: string, message: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new RetryLaterError(message, Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
  }
}

export function createRateLimits(limits: ApiLimits): RateLimits {
  const { requestsPerSecond, authFailuresPerMinute } = limits;
  const perSecond = (whose: string): ((key: string) => Promise<void>) => {
    const limiter = new RateLimiterMemory({ points: requestsPerSecond, duration: 1 });
    const message = `More than ${requestsPerSecond} requests per second ${whose} were received. Send requests more slowly.`;
    return (key) => take(limiter, key, message);
  };
  const failures = new RateLimiterMemory({ points: authFailuresPerMinute, duration: 60 });
  return {
    takeRequest: perSecond('from this client'),
    takeAnonymous: perSecond('without a token from this address'),
    takeUnverified: perSecond('with unknown tokens from this address'),
    takePage: perSecond('for pages from this address'),
    takeAuthFailure: (address) =>
      take(
        failures,
        address,
        'Too many invalid tokens were received from this address. Check the token and wait before trying again.',
      ),
  };
}
