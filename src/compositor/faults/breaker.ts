/** When a layer is shut off, and for how long. */
export const BREAKER = {
  /** So many of the last `window` times over the limit are one too many. */
  strikes: 3,
  window: 5,
  /** How long it is off at first, milliseconds; after each trial that fails twice as long, up to the most. */
  coolDownMs: 1000,
  maxCoolDownMs: 60_000,
} as const;

/** `closed`: all is well. `open`: shut off. `half-open`: may be tried, once. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * Shuts off what fails or is too slow, and tries it again after a while: a circuit breaker as in Nygard, Release It!
 * It reads no clock: every moment, in milliseconds, is a parameter.
 */
export class Breaker {
  #recent: boolean[] = [];
  #retryAtMs: number | null = null;
  #coolDownMs: number = BREAKER.coolDownMs;
  #closedAtMs = -Infinity;

  /** When it is tried again; null while it is closed. */
  get retryAtMs(): number | null {
    return this.#retryAtMs;
  }

  state(nowMs: number): BreakerState {
    if (this.#retryAtMs === null) return 'closed';
    return nowMs < this.#retryAtMs ? 'open' : 'half-open';
  }

  /** It was slow, or was not: opens when it was too often of late, and at once while it is on trial. Answers whether it opened. */
  observe(wasSlow: boolean, nowMs: number): boolean {
    const state = this.state(nowMs);
    if (state === 'open') return false;
    this.#recent = [...this.#recent, wasSlow].slice(-BREAKER.window);
    const strikes = this.#recent.filter(Boolean).length;
    if (!wasSlow || (state === 'closed' && strikes < BREAKER.strikes)) return false;
    this.trip(nowMs);
    return true;
  }

  /** It failed. */
  trip(nowMs: number): void {
    // One that fails again as soon as it is back has not recovered: its time goes on doubling.
    const isRelapse = this.#retryAtMs !== null || nowMs - this.#closedAtMs < 2 * this.#coolDownMs;
    if (!isRelapse) this.#coolDownMs = BREAKER.coolDownMs;
    this.#retryAtMs = nowMs + this.#coolDownMs;
    this.#coolDownMs = Math.min(BREAKER.maxCoolDownMs, 2 * this.#coolDownMs);
    this.#recent = [];
  }

  /** The trial went well. */
  close(nowMs: number): void {
    this.#retryAtMs = null;
    this.#recent = [];
    this.#closedAtMs = nowMs;
  }
}
