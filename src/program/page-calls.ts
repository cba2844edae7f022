import type { PageCall } from '../ingest/contract.js';

/** An ingest thread that says nothing for so long has not done it, milliseconds. */
const PATIENCE_MS = 5000;

type Pending = { readonly resolve: (isDone: boolean) => void; readonly timer: NodeJS.Timeout };

/** What is done with the pages of live inputs, in the main thread: each call is answered, even if the ingest thread is not. */
export class PageCalls {
  /** False: there is no thread that gets it. */
  readonly #post: (callId: number, inputId: string, call: PageCall) => boolean;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;

  constructor(post: (callId: number, inputId: string, call: PageCall) => boolean) {
    this.#post = post;
  }

  /** Resolves with whether there was a page that it reached. */
  call(inputId: string, call: PageCall): Promise<boolean> {
    const callId = this.#nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.onAnswer(callId, false);
      }, PATIENCE_MS);
      this.#pending.set(callId, { resolve, timer });
      if (!this.#post(callId, inputId, call)) this.onAnswer(callId, false);
    });
  }

  /** Takes what the ingest thread answers. */
  onAnswer(callId: number, isDone: boolean): void {
    const pending = this.#pending.get(callId);
    this.#pending.delete(callId);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    pending.resolve(isDone);
  }

  /** The ingest thread has ended: what it had is lost. */
  onLost(): void {
    for (const callId of [...this.#pending.keys()]) this.onAnswer(callId, false);
  }
}
