/**
 * The pictures of one video on their way from the ingest thread to a compositor and its render threads. One writer; the
 * compositor says which picture it shows, and neither waits for the other. Pictures are numbered from the beginning of what is
 * played; picture i stands in slot i modulo the number of slots.
 *
 * ```
 *  byte  0  POSITION  number of the picture that is shown          writer: compositor  readers: ingest
 *        4  FAILED    1: it cannot be decoded                      writer: ingest      readers: compositor
 *       64  NUMBER    of the picture in each slot; -1: none, or    writer: ingest      readers: compositor, render
 *                     it is being written
 *     1024  nothing   none of the ring's: bytes 1024 to 4095 are never touched
 *     4096  pictures  one slot after the other, each in the format of the ring, without gaps:
 *                     `i420`: planes Y, U, V of BT.709, limited range, chroma at the left (MPEG-2); the picture is opaque
 *                     `rgba`: premultiplied RGBA of full range
 * ```
 *
 * The writer stores -1 in NUMBER before it writes into a slot, and the number after it: a reader that finds the number sees the
 * picture. POSITION stands for itself. Pictures up to `KEPT` before the one that is shown are not written over, so that what was
 * planned is there until it is painted; a render thread that is later than that finds another number, and paints what is there.
 */

const POSITION = 0;
const FAILED = 1;
const NUMBERS_BYTE = 64;
const PICTURES_BYTE = 4096;
const EMPTY = -1;

/** Slots of pictures that were shown before the one that is: frames are planned that far ahead of being painted. */
const KEPT = 3;
const MIN_SLOTS = 8;
const MAX_SLOTS = 24;
/** There are as many slots as take this much, bytes, between the bounds above: 16 of opaque 1080p. */
const WANTED_BYTES = 48 * 1024 * 1024;

/** How pictures stand in a ring: opaque ones as I420, which takes 2.7 times fewer bytes; those with transparency as RGBA. */
export type PictureFormat = 'i420' | 'rgba';

/** What all pictures of a ring have in common. The sizes are even. */
export type PictureShape = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly format: PictureFormat;
};

/** Memory of a ring with the shape of its pictures. */
export type PictureRing = PictureShape & {
  readonly memory: SharedArrayBuffer;
  /** How many pictures it holds. */
  readonly slots: number;
};

/** What one picture takes, bytes. */
export function pictureBytes({ widthPx, heightPx, format }: PictureShape): number {
  const pixels = widthPx * heightPx;
  return format === 'i420' ? (pixels * 3) / 2 : pixels * 4;
}

/** How many slots a ring has for pictures of a shape. */
export function slotsFor(shape: PictureShape): number {
  const fitting = Math.floor(WANTED_BYTES / pictureBytes(shape));
  return Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, fitting));
}

/** What a ring takes, bytes. */
export function ringBytes(shape: PictureShape, slots: number): number {
  return PICTURES_BYTE + slots * pictureBytes(shape);
}

/** A ring for pictures of a shape; nothing is in it. @param slots - 1 to 240 */
export function createPictureRing({
  slots,
  ...shape
}: PictureShape & { readonly slots: number }): PictureRing {
  const memory = new SharedArrayBuffer(ringBytes(shape, slots));
  new Int32Array(memory, NUMBERS_BYTE, slots).fill(EMPTY);
  return { ...shape, memory, slots };
}

class Slots {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly numbers: Int32Array<SharedArrayBuffer>;
  readonly count: number;
  readonly #memory: SharedArrayBuffer;
  readonly #bytes: number;

  constructor({ memory, slots, ...shape }: PictureRing) {
    this.#memory = memory;
    this.#bytes = pictureBytes(shape);
    this.count = slots;
    this.words = new Int32Array(memory, 0, NUMBERS_BYTE / Int32Array.BYTES_PER_ELEMENT);
    this.numbers = new Int32Array(memory, NUMBERS_BYTE, this.count);
  }

  slotOf(number: number): number {
    return number % this.count;
  }

  holds(number: number): boolean {
    return Atomics.load(this.numbers, this.slotOf(number)) === number;
  }

  pixelsOf(number: number): Uint8Array<SharedArrayBuffer> {
    const offset = PICTURES_BYTE + this.slotOf(number) * this.#bytes;
    return new Uint8Array(this.#memory, offset, this.#bytes);
  }
}

/** The bytes of a picture that a plan has found in a ring; those of a later one when its slot has been written over. */
export function pixelsIn(ring: PictureRing, number: number): Uint8Array<SharedArrayBuffer> {
  return new Slots(ring).pixelsOf(number);
}

/** The side of the compositor. */
export class PictureRingReader {
  readonly ring: PictureRing;
  readonly #slots: Slots;

  constructor(ring: PictureRing) {
    this.ring = ring;
    this.#slots = new Slots(ring);
  }

  /** The picture that is to be shown, or the newest before it; null: there is none. From now on it is what is shown. */
  take(number: number): number | null {
    const { words, numbers, count } = this.#slots;
    Atomics.store(words, POSITION, number);
    if (this.#slots.holds(number)) return number;
    let newest = EMPTY;
    for (let slot = 0; slot < count; slot++) {
      const one = Atomics.load(numbers, slot);
      if (one <= number) newest = Math.max(newest, one);
    }
    return newest === EMPTY ? null : newest;
  }

  /** Whether there is a picture at all. */
  get hasPicture(): boolean {
    return this.#slots.numbers.some((_, slot) => Atomics.load(this.#slots.numbers, slot) >= 0);
  }

  get hasFailed(): boolean {
    return Atomics.load(this.#slots.words, FAILED) === 1;
  }
}

/** The side of the ingest thread: there is one for each ring at a time. */
export class PictureRingWriter {
  readonly #slots: Slots;

  constructor(ring: PictureRing) {
    this.#slots = new Slots(ring);
  }

  get position(): number {
    return Atomics.load(this.#slots.words, POSITION);
  }

  /** How many pictures there are room for ahead of the one that is shown. */
  get ahead(): number {
    return this.#slots.count - 1 - KEPT;
  }

  /** Whether a picture may be written: what stands in its place is not shown any more. */
  hasRoomFor(number: number): boolean {
    return number <= this.position + this.ahead;
  }

  /** Where a picture is written; `finish` it then. */
  begin(number: number): Uint8Array<SharedArrayBuffer> {
    const { numbers } = this.#slots;
    Atomics.store(numbers, this.#slots.slotOf(number), EMPTY);
    return this.#slots.pixelsOf(number);
  }

  finish(number: number): void {
    const { numbers } = this.#slots;
    Atomics.store(numbers, this.#slots.slotOf(number), number);
  }

  /** Writes the picture before once more under the next number. False: that one is not there. */
  repeat(number: number): boolean {
    if (!this.#slots.holds(number - 1)) return false;
    this.begin(number).set(this.#slots.pixelsOf(number - 1));
    this.finish(number);
    return true;
  }

  /** It cannot be decoded; or can be, after all. */
  setFailed(hasFailed: boolean): void {
    Atomics.store(this.#slots.words, FAILED, hasFailed ? 1 : 0);
  }
}
