import { pictureBytes, pixelsIn, type PictureRing, type PictureShape } from './picture-ring.js';

/**
 * The pictures of one live input on their way from the ingest thread to every compositor that shows it. One writer, any number of
 * readers, and nobody waits. Pictures are numbered as they come; picture i stands in slot i modulo the number of slots, with the
 * moment at which it is due on the monotonic clock. The compositor shows the newest one that is due.
 *
 * ```
 *  byte    64  NUMBER    i32, of the picture in each slot; -1: none, or it is being written
 *        1024  DUE       f64, of the same, milliseconds on the monotonic clock
 *        3072  RUN       i32, odd while the shape changes
 *              WIDTH, HEIGHT
 *              NEWEST    number of the picture that has been written last; -1: none
 *              FORMAT    0: I420; 1: premultiplied RGBA; see picture-ring.ts
 *              HELD      1: the newest picture is as good as new, however long ago it was due
 *        4096  pictures
 * ```
 *
 * The writer stores -1 in NUMBER before it writes into a slot, and the number after it, so that whoever finds the same number before
 * and after it has read DUE has read that of the picture. RUN is counted up before and after a change of WIDTH, HEIGHT and FORMAT. HELD
 * stands for itself. A slot is not written again before its picture has been out of sight for `KEPT_MS`: what was planned is there until it is painted.
 */

const NUMBERS_BYTE = 64;
const DUE_BYTE = 1024;
const WORDS_BYTE = 3072;
const PICTURES_BYTE = 4096;
const EMPTY = -1;

const RUN = 0;
const WIDTH = 1;
const HEIGHT = 2;
const NEWEST = 3;
const FORMAT = 4;
const HELD = 5;
const WORDS = 6;

const FORMATS = ['i420', 'rgba'] as const;

/** How long after the next one is due a picture may still be painted from, milliseconds. */
const KEPT_MS = 150;

const MAX_SLOTS = 120;

/** Most that the pictures of one input take, bytes: 43 of 1080p, which wait half a second. */
const MAX_BYTES = 128 * 1024 * 1024;

/** No input has more pictures a second. */
const MAX_RATE_HZ = 60;

/** Memory of the pictures of an input. */
export type LivePictures = {
  /** Tells it from every other memory, also of the same input: pictures are numbered anew in each. */
  readonly key: string;
  readonly memory: SharedArrayBuffer;
  readonly slots: number;
  /** Its pictures are no larger than this many bytes. */
  readonly maxPictureBytes: number;
};

/** How long a picture may wait in so many slots, milliseconds. */
export function longestWaitMs({ slots }: LivePictures): number {
  return ((slots - 1) * 1000) / MAX_RATE_HZ - KEPT_MS;
}

/** Room for pictures up to those of a shape that wait for so long, as far as memory allows. */
export function createLivePictures(
  key: string,
  largest: PictureShape,
  latencyMs: number,
): LivePictures {
  const maxPictureBytes = pictureBytes(largest);
  const wanted = Math.ceil(((latencyMs + KEPT_MS) * MAX_RATE_HZ) / 1000) + 2;
  const slots = Math.max(8, Math.min(wanted, MAX_SLOTS, Math.floor(MAX_BYTES / maxPictureBytes)));
  const memory = new SharedArrayBuffer(PICTURES_BYTE + slots * maxPictureBytes);
  new Int32Array(memory, NUMBERS_BYTE, slots).fill(EMPTY);
  new Int32Array(memory, WORDS_BYTE, WORDS)[NEWEST] = EMPTY;
  return { key, memory, slots, maxPictureBytes };
}

class Views {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly numbers: Int32Array<SharedArrayBuffer>;
  readonly due: Float64Array<SharedArrayBuffer>;
  readonly pictures: LivePictures;

  constructor(pictures: LivePictures) {
    const { memory, slots } = pictures;
    this.pictures = pictures;
    this.words = new Int32Array(memory, WORDS_BYTE, WORDS);
    this.numbers = new Int32Array(memory, NUMBERS_BYTE, slots);
    this.due = new Float64Array(memory, DUE_BYTE, slots);
  }

  word(index: number): number {
    return Atomics.load(this.words, index);
  }

  /** Of pictures of the shape that stands there now. */
  ring(): PictureRing {
    const { memory, slots } = this.pictures;
    const [widthPx, heightPx] = [this.word(WIDTH), this.word(HEIGHT)];
    return { memory, widthPx, heightPx, format: FORMATS[this.word(FORMAT)] ?? 'i420', slots };
  }
}

/** A picture that is due. */
export type LivePicture = {
  /** Of the memory: together with the number it is a picture's own. */
  readonly key: string;
  readonly ring: PictureRing;
  readonly number: number;
  /** How long ago it was due, milliseconds; 0 of one that is held. */
  readonly ageMs: number;
};

/** The side of a compositor. */
export class LivePicturesReader {
  readonly #views: Views;

  constructor(pictures: LivePictures) {
    this.#views = new Views(pictures);
  }

  /** The newest picture that is due at a moment on the monotonic clock; null: none is. */
  take(nowMs: number): LivePicture | null {
    const { numbers, due } = this.#views;
    const run = this.#views.word(RUN);
    // Odd: the size is being changed, and no picture is there.
    if (run % 2 !== 0) return null;
    let [newest, newestDueMs] = [EMPTY, 0];
    for (let slot = 0; slot < numbers.length; slot++) {
      const number = Atomics.load(numbers, slot);
      const dueMs = due[slot] ?? 0;
      // The same number after it: the moment belongs to that picture.
      if (number <= newest || dueMs > nowMs || Atomics.load(numbers, slot) !== number) continue;
      [newest, newestDueMs] = [number, dueMs];
    }
    const ring = this.#views.ring();
    if (newest === EMPTY || this.#views.word(RUN) !== run) return null;
    const ageMs = this.#views.word(HELD) === 1 ? 0 : nowMs - newestDueMs;
    return { key: this.#views.pictures.key, ring, number: newest, ageMs };
  }
}

/** The side of the ingest thread: there is one for an input at a time. */
export class LivePicturesWriter {
  readonly #views: Views;
  #next: number;

  constructor(pictures: LivePictures) {
    this.#views = new Views(pictures);
    // Another one before this one may have written: its numbers are not used again.
    this.#next = this.#views.word(NEWEST) + 1;
    if (this.#views.word(RUN) % 2 !== 0) Atomics.add(this.#views.words, RUN, 1);
  }

  /** All pictures from now on have another shape; those before are gone. False: they are too large. */
  reshape(shape: PictureShape): boolean {
    const { words, numbers, pictures } = this.#views;
    const { widthPx, heightPx, format } = shape;
    if (pictureBytes(shape) > pictures.maxPictureBytes) return false;
    const now = this.#views.ring();
    if (widthPx === now.widthPx && heightPx === now.heightPx && format === now.format) return true;
    // Readers that see it odd, or another one after reading, take nothing of what they have read.
    Atomics.add(words, RUN, 1);
    for (let slot = 0; slot < numbers.length; slot++) Atomics.store(numbers, slot, EMPTY);
    Atomics.store(words, WIDTH, widthPx);
    Atomics.store(words, HEIGHT, heightPx);
    Atomics.store(words, FORMAT, FORMATS.indexOf(format));
    Atomics.add(words, RUN, 1);
    return true;
  }

  /** Where the next picture is written; `finish` it then. Null: what stands there is still to be shown. */
  begin(nowMs: number): Uint8Array<SharedArrayBuffer> | null {
    const { numbers, due } = this.#views;
    const slot = this.#next % numbers.length;
    const after = (this.#next + 1) % numbers.length;
    const isInSight = Atomics.load(numbers, slot) !== EMPTY && (due[after] ?? 0) > nowMs - KEPT_MS;
    // One that is due later than any could wait is of a clock that is over.
    if (isInSight && (due[after] ?? 0) < nowMs + longestWaitMs(this.#views.pictures) + KEPT_MS)
      return null;
    Atomics.store(numbers, slot, EMPTY);
    return pixelsIn(this.#views.ring(), this.#next);
  }

  finish(dueMs: number): void {
    const { numbers, due, words } = this.#views;
    const slot = this.#next % numbers.length;
    due[slot] = dueMs;
    // After the picture and its moment: who reads the number sees both.
    Atomics.store(numbers, slot, this.#next);
    Atomics.store(words, NEWEST, this.#next);
    this.#next += 1;
  }

  /** Whether who sends is there, and would send another picture if there were one. */
  hold(isHeld: boolean): void {
    Atomics.store(this.#views.words, HELD, isHeld ? 1 : 0);
  }

  /** Forgets all pictures: there is nothing to be shown any more. */
  clear(): void {
    const { numbers } = this.#views;
    for (let slot = 0; slot < numbers.length; slot++) Atomics.store(numbers, slot, EMPTY);
  }
}
