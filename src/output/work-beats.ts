/** What was given within this time is still being worked at, milliseconds: longer than the distance of two frames. */
const WORKING_MS = 1500;

/**
 * Signs of life of a process that something goes into and something else comes out of: what has come out, and none as long
 * as nothing goes in, since it then has nothing to do. See `Supervised.beats`.
 */
export class WorkBeats {
  readonly #nowMs: () => number;
  #givenAtMs = -Infinity;
  #done = 0;

  /** @param nowMs - a monotonic clock, milliseconds */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Something has gone in. */
  give(): void {
    this.#givenAtMs = this.#nowMs();
  }

  /** So much has come out in all, in whatever unit. */
  set done(amount: number) {
    this.#done = amount;
  }

  /** See `Supervised.beats`. */
  get beats(): number | null {
    return this.#nowMs() - this.#givenAtMs < WORKING_MS ? this.#done : null;
  }
}
