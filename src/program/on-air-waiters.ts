import type { AirFrame } from '../core/program-clock.js';

type Waiter = {
  readonly revision: number;
  readonly resolve: (frame: AirFrame | null) => void;
};

/** Those who wait for a revision of the scene to be on air. */
export class OnAirWaiters {
  #waiters: Waiter[] = [];

  /** The frame that shows a revision or a newer one first; null when that is not within `timeoutMs`. */
  wait(revision: number, timeoutMs: number): Promise<AirFrame | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiter.resolve(null);
      }, timeoutMs);
      const waiter: Waiter = {
        revision,
        resolve: (frame) => {
          clearTimeout(timer);
          this.#waiters = this.#waiters.filter((one) => one !== waiter);
          resolve(frame);
        },
      };
      this.#waiters.push(waiter);
    });
  }

  /** A frame shows a revision. */
  seen(revision: number, frame: AirFrame): void {
    for (const waiter of this.#waiters.slice())
      if (waiter.revision <= revision) waiter.resolve(frame);
  }

  /** No frame will: answers null to all. */
  close(): void {
    for (const { resolve } of this.#waiters.slice()) resolve(null);
  }
}
