/**
 * Where the timestamps of a live input stand on the monotonic clock: what comes is due so long after it could have come at the
 * earliest as the latency of the input says. A sender whose clock is faster or slower is followed slowly.
 */

/** The earliest arrival of each of the last few windows is kept, milliseconds. */
const WINDOW_MS = 1000;
const WINDOWS = 5;

/** In the beginning what a server has kept comes faster than it was made: so long the clock goes over to it at once, milliseconds. */
const SETTLING_MS = 1500;

/** How fast the clock is corrected after that, as a part of the time that goes by: what is played is stretched by it. */
const MAX_SLEW = 0.003;

/** What is due so much later or earlier than it can be has other timestamps than what came before, milliseconds. */
const JUMP_MS = 2000;

export class InputClock {
  readonly #latencyMs: number;
  /** Null: nothing has come yet. */
  #offsetMs: number | null = null;
  #settledAtMs = 0;
  #isSettling = false;
  #settled = 0;
  #seenAtMs = 0;
  /** The least delay of each window, the one that goes on at the end. */
  #windows: number[] = [];
  #windowEndMs = 0;
  /** Whether anything of the window came before it was due. */
  #isInTime = false;
  #jumps = 0;

  constructor(latencyMs: number) {
    this.#latencyMs = latencyMs;
  }

  /** How often the timestamps have jumped. */
  get jumps(): number {
    return this.#jumps;
  }

  /** How often it has come to go evenly: what was put somewhere before may have another place since. */
  get settled(): number {
    return this.#settled;
  }

  /** When something with a timestamp is due, on the monotonic clock. Only after something has been observed. */
  dueMsOf(ptsMs: number): number {
    return ptsMs + (this.#offsetMs ?? 0);
  }

  /** Something with a timestamp has come. */
  observe(ptsMs: number, nowMs: number): void {
    const delayMs = nowMs - ptsMs;
    if (this.#offsetMs === null) {
      this.#begin(delayMs, nowMs);
      return;
    }
    const aheadMs = this.#offsetMs - delayMs;
    if (aheadMs > this.#latencyMs + JUMP_MS || aheadMs < -JUMP_MS) {
      this.#jumps += 1;
      this.#begin(delayMs, nowMs);
      return;
    }
    if (aheadMs >= 0) this.#isInTime = true;
    const last = this.#windows.length - 1;
    this.#windows[last] = Math.min(this.#windows[last] ?? delayMs, delayMs);
    this.#correct(this.#offsetMs, nowMs);
    if (nowMs >= this.#windowEndMs) this.#nextWindow(delayMs, nowMs);
  }

  #begin(delayMs: number, nowMs: number): void {
    this.#offsetMs = delayMs + this.#latencyMs;
    this.#settledAtMs = nowMs + SETTLING_MS;
    this.#isSettling = true;
    this.#seenAtMs = nowMs;
    this.#windows = [delayMs];
    this.#windowEndMs = nowMs + WINDOW_MS;
    this.#isInTime = true;
  }

  #correct(offsetMs: number, nowMs: number): void {
    const wantedMs = Math.min(...this.#windows) + this.#latencyMs;
    const mostMs = Math.max(0, nowMs - this.#seenAtMs) * MAX_SLEW;
    this.#seenAtMs = nowMs;
    if (nowMs < this.#settledAtMs) {
      this.#offsetMs = Math.min(offsetMs, wantedMs);
      return;
    }
    if (this.#isSettling) this.#settled += 1;
    this.#isSettling = false;
    this.#offsetMs = offsetMs + Math.max(-mostMs, Math.min(mostMs, wantedMs - offsetMs));
  }

  #nextWindow(delayMs: number, nowMs: number): void {
    // All of it came too late: slowly, it would not come in time for minutes.
    if (!this.#isInTime) {
      this.#begin(Math.min(...this.#windows.slice(-1)), nowMs);
      return;
    }
    this.#isInTime = false;
    this.#windows = [...this.#windows.slice(1 - WINDOWS), delayMs];
    this.#windowEndMs = nowMs + WINDOW_MS;
  }
}
