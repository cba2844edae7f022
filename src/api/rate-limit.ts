import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiLimits } from './limits.js';
import { RetryLaterError } from './problem.js';

/** Counts requests and refused tokens by remote address. */
export interface RateLimits {
  /** @throws RetryLaterError when the address has sent too much */
  takeRequests(address: string, count: number): Promise<void>;
  /** Counts a refused token. @throws RetryLaterError when there have been too many */
  takeAuthFailure(address: string): Promise<void>;
}

async function take(
  limiter: RateLimiterMemory,
  key: string,
  count: number,
  message: string,
): Promise<void> {
  try {
    await limiter.consume(key, count);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new RetryLaterError(message, Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
  }
}

export function createRateLimits(limits: ApiLimits): RateLimits {
  const requests = new RateLimiterMemory({ points: limits.requestsPerSecond, duration: 1 });
  const failures = new RateLimiterMemory({ points: limits.authFailuresPerMinute, duration: 60 });
  return {
    takeRequests: (address, count) =>
      take(
        requests,
        address,
        count,
        `More than ${limits.requestsPerSecond} requests in a second came from this address..`,
      ),
    takeAuthFailure: (address) =>
      take(
        failures,
        address,
        1,
        'Too many wrong tokens came from this address. Wait, then check the token.',
      ),
  };
}
