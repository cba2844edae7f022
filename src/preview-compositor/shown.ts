/** Several times as long as a scene waits for its pictures before it is shown with placeholders: a busy machine is slower. */
const PATIENCE_MS = 10_000;

/** Whether the newest revision of a scene that was sent to a program is to be seen there. */
export class Shown {
  #wanted = 0;
  #seen = 0;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  /** A revision was sent. */
  wanted(revision: number): void {
    this.#wanted = revision;
    // It may be sent again, as after a program was started anew.
    this.#seen = Math.min(this.#seen, revision - 1);
  }

  /** A frame shows this revision. */
  seen(revision: number): void {
    this.#seen = revision;
    if (this.#isSettled) this.#letGo();
  }

  /** Resolves with whether the newest revision has been seen: when it has, after ten seconds, or at the end. */
  async settled(): Promise<boolean> {
    if (!this.#isSettled && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PATIENCE_MS);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this.#isSettled;
  }

  /** Lets everybody go who waits, or comes later. */
  close(): void {
    this.#isClosed = true;
    this.#letGo();
  }

  get #isSettled(): boolean {
    return this.#seen >= this.#wanted;
  }

  #letGo(): void {
    for (const letGo of this.#waiting.splice(0)) letGo();
  }
}
