/** Longer than a scene waits for its pictures before it is shown with placeholders. */
const PATIENCE_MS = 3000;

/** Whether the newest revision of a scene that was sent to a program is to be seen there. */
export class Shown {
  #wanted = 0;
  #seen = 0;
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
    if (revision >= this.#wanted) this.close();
  }

  /** Resolves when the newest revision has been seen, or after three seconds. */
  async settled(): Promise<void> {
    if (this.#seen >= this.#wanted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Lets everybody go who waits. */
  close(): void {
    for (const letGo of this.#waiting.splice(0)) letGo();
  }
}
