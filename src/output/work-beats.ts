/**
 * Signs of life of a process that something goes into and something else comes out of: what has come out, and none as long
 * as nothing goes in, since it then has nothing to do. See `Supervised.beats`.
 */
export class WorkBeats {
  readonly #nowMs: () => number;
  readonly #workingMs: number;
  #givenAtMs = -Infinity;
  #done = 0;

  /**
   * @param nowMs - a monotonic clock, milliseconds
   * @param hangMs - how long it may be silent while it has something to do: what was given is taken to be worked at for half
   * of that, so that what is given nothing more is at rest before it is silent for too long
   */
  constructor(nowMs: () => number, hangMs: number) {
    this.#nowMs = nowMs;
    this.#workingMs = hangMs / 2;
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
    return this.#nowMs() - this.#givenAtMs < this.#workingMs ? this.#done : null;
  }
}
