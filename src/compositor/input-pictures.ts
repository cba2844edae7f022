import { monotonicMs } from '../core/monotonic.js';
import {
  type LivePicture,
  type LivePictures,
  LivePicturesReader,
} from '../memory/live-pictures.js';

/** The pictures of live inputs that are due with a frame. */
export class InputPictures {
  #readers: ReadonlyMap<string, LivePicturesReader> = new Map();

  /** All inputs that there are, by their ids. */
  follow(inputs: Readonly<Record<string, LivePictures>>): void {
    this.#readers = new Map(
      Object.entries(inputs).map(([id, pictures]) => [id, new LivePicturesReader(pictures)]),
    );
  }

  /** The picture of an input that is due at a moment on the monotonic clock. @param dueMs - NaN: now */
  picture(inputId: string, dueMs: number): LivePicture | null {
    const atMs = Number.isNaN(dueMs) ? monotonicMs() : dueMs;
    return this.#readers.get(inputId)?.take(atMs) ?? null;
  }
}
