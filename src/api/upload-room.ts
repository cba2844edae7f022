import type { ApiLimits } from './limits.js';
import { RetryLaterError } from './problem.js';

/** The memory that uploads take, or may take, all together. */
export class UploadRoom {
  readonly #limitBytes: number;
  #takenBytes = 0;

  constructor({ uploadsInFlight, uploadBytes }: ApiLimits) {
    this.#limitBytes = uploadsInFlight * uploadBytes;
  }

  /** Takes room for a body, and gives back what gives it up. @throws RetryLaterError when there is not so much left */
  enter(bytes: number): () => void {
    if (this.#takenBytes + bytes > this.#limitBytes) {
      throw new RetryLaterError(
        `Uploads of ${this.#takenBytes} bytes are in progress, which leaves no room for this one. Try again in a moment.`,
        1,
      );
    }
    this.#takenBytes += bytes;
    return () => {
      this.#takenBytes -= bytes;
    };
  }
}
