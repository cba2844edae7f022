/** A single picture keeps the program running this long: pages ask for one every second or so. */
const GRAB_WATCH_MS = 3000;

/** How many look at the program: viewers of a tier, and one more while single pictures are asked for. */
export class WatchCount {
  readonly #report: (count: number) => void;
  #viewers = 0;
  #grabTimer: NodeJS.Timeout | null = null;
  #reported = 0;
  #isClosed = false;

  /** @param report is called with every new count. */
  constructor(report: (count: number) => void) {
    this.#report = report;
  }

  /** Without effect after `close`. */
  setViewers(count: number): void {
    if (this.#isClosed) return;
    this.#viewers = count;
    this.#update();
  }

  /** Somebody asks for a single picture. */
  grab(): void {
    if (this.#grabTimer !== null) clearTimeout(this.#grabTimer);
    this.#grabTimer = setTimeout(() => {
      this.#grabTimer = null;
      this.#update();
    }, GRAB_WATCH_MS).unref();
    this.#update();
  }

  close(): void {
    if (this.#grabTimer !== null) clearTimeout(this.#grabTimer);
    this.#grabTimer = null;
    this.setViewers(0);
    this.#isClosed = true;
  }

  #update(): void {
    const count = this.#viewers + (this.#grabTimer === null ? 0 : 1);
    if (count === this.#reported) return;
    this.#reported = count;
    this.#report(count);
  }
}
