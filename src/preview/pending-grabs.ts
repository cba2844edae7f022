import { AppError } from '../core/errors.js';

/** Longer than the thread itself waits for a frame: then it hangs. */
const GRAB_TIMEOUT_MS = 4000;
/** Single pictures that may be asked for at once. */
const MAX_PENDING = 64;

type Pending = {
  readonly resolve: (jpeg: Uint8Array) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
};

/** The pictures that were asked for and have not come yet. None waits for ever. */
export class PendingGrabs {
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  /**
   * Asks for a picture through `send`.
   * @throws AppError SM_PREVIEW_LIMIT when too many wait, SM_PREVIEW_UNAVAILABLE when none comes.
   */
  async ask(send: (requestId: number) => void): Promise<Uint8Array> {
    if (this.#pending.size >= MAX_PENDING) {
      throw new AppError(
        'SM_PREVIEW_LIMIT',
        `The limit of ${MAX_PENDING} pending single pictures is reached; try again later, or use /ws/preview.`,
      );
    }
    const requestId = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.settle(requestId, null);
      }, GRAB_TIMEOUT_MS);
      this.#pending.set(requestId, { resolve, reject, timer });
      send(requestId);
    });
  }

  /** The answer to one request; null when there was no picture. */
  settle(requestId: number, jpeg: Uint8Array | null): void {
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return;
    this.#pending.delete(requestId);
    clearTimeout(pending.timer);
    if (jpeg === null)
      pending.reject(unavailable('No picture was received from the program in time'));
    else pending.resolve(jpeg);
  }

  /** Rejects all that wait. `reason` is a sentence without its full stop. */
  rejectAll(reason: string): void {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(unavailable(reason));
    }
    this.#pending.clear();
  }
}

/** `reason` is a sentence without its full stop. */
export function unavailable(reason: string): AppError {
  return new AppError('SM_PREVIEW_UNAVAILABLE', `${reason}; try again in a moment.`);
}
