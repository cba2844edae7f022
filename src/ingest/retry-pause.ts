/** Pauses before an input is opened again, milliseconds: doubled from the first to the last. */
const FIRST_MS = 500;
const LAST_MS = 10_000;

/** A part of each pause is left to chance: inputs that were lost together do not all come back at once. */
const JITTER = 0.2;

/** When something that has failed is tried again. */
export class RetryPause {
  #nextMs = FIRST_MS;
  #atMs = 0;

  /** It has failed. */
  begin(nowMs: number): void {
    const chance = 1 + JITTER * (2 * Math.random() - 1);
    this.#atMs = nowMs + this.#nextMs * chance;
    this.#nextMs = Math.min(LAST_MS, this.#nextMs * 2);
  }

  /** Whether it may be tried. */
  isOver(nowMs: number): boolean {
    return nowMs >= this.#atMs;
  }

  /** It works, or is wanted at once: the next failure is a first one. */
  reset(): void {
    this.#nextMs = FIRST_MS;
    this.#atMs = 0;
  }
}
