/**
 * How loud the program is, by frame: a block for each frame with what strips and spectra come to with its samples. The mixer
 * writes it together with the samples of the frame; a compositor whose scene shows sound reads the block of the very frame that
 * it plans. A memory of its own, like that of the samples.
 *
 *     bytes  0      64
 *            WROTE  BLOCK[16]: FRAME EPOCH STRIPS SPECTRA  · strip[192]: KEY LEFT,RIGHT: PEAK HELD RMS, LEVEL SPEAKING · spectrum[16]: KEY BAND[64]
 *            i32               i64   i32   i32    i32        (from 64)   2·i32           6·f32         f32   f32          (from 7744)  2·i32 f32
 *
 * | word               | writer | readers    | ordering |
 * |--------------------|--------|------------|----------|
 * | FRAME              | mixer  | compositor | no frame before the others are written, the frame after them; read before and after they are copied, so that all belong together |
 * | the rest of BLOCK  | mixer  | compositor | written while FRAME is no frame |
 * | WROTE              | mixer  | compositor | counted up after FRAME names the block; a compositor that waits for a block sleeps on it |
 *
 * Strips and spectra are found by the hash of their names: no table has to agree between two threads.
 */

const WROTE = 0;
const BLOCKS_BYTE = 64;
const STRIPS_BYTE = 64;
const STRIP_WORDS = 10;
const KEY_WORDS = 2;

/** Most strips of a block: those of all sources, of the clips that sound and of buses, and the master; see SOUND_LIMITS. */
export const MAX_HEARD_STRIPS = 192;
/** Most spectra of a block. */
export const MAX_SPECTRA = 16;
export const MAX_BANDS = 64;

const SPECTRA_BYTE = STRIPS_BYTE + MAX_HEARD_STRIPS * STRIP_WORDS * 4;
const SPECTRUM_WORDS = KEY_WORDS + MAX_BANDS;
const BLOCK_BYTES = SPECTRA_BYTE + MAX_SPECTRA * SPECTRUM_WORDS * 4;

/** Blocks that are known; a power of two. A frame is planned within two frames of being mixed. */
const HEARD_BLOCKS = 16;
const HEARD_MEMORY_BYTES = BLOCKS_BYTE + HEARD_BLOCKS * BLOCK_BYTES;

/** In words of 32 bits from the beginning of a block. */
const EPOCH = 2;
const STRIPS = 3;
const SPECTRA = 4;

const NO_FRAME = -(2n ** 62n);

/** Of a strip, in this order. */
export const HEARD_FIELDS = 8;

/** What tells a name from others: 64 bits, in two halves. */
export type HeardKey = { readonly low: number; readonly high: number };

function fnv(name: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** The hash of a name: FNV-1a with two beginnings. http://www.isthe.com/chongo/tech/comp/fnv/ */
export function toHeardKey(name: string): HeardKey {
  return { low: fnv(name, 0x811c9dc5), high: fnv(name, 0x050c5d1f) };
}

type Views = {
  readonly longs: BigInt64Array<SharedArrayBuffer>;
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly floats: Float32Array<SharedArrayBuffer>;
};

function viewsOf(memory: SharedArrayBuffer): Views {
  return {
    longs: new BigInt64Array(memory),
    words: new Int32Array(memory),
    floats: new Float32Array(memory),
  };
}

function blockByte(frame: number): number {
  return BLOCKS_BYTE + (frame & (HEARD_BLOCKS - 1)) * BLOCK_BYTES;
}

/** The memory of what is heard of a program; no block is in it. */
export function createHeardMemory(): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(HEARD_MEMORY_BYTES);
  const { longs } = viewsOf(memory);
  for (let block = 0; block < HEARD_BLOCKS; block++) longs[blockByte(block) / 8] = NO_FRAME;
  return memory;
}

/** The mixer's side: a block is begun, gets its strips and spectra, and is named. One at a time for a memory. */
export class HeardWriter {
  readonly #views: Views;
  #frame = 0;
  #strips = 0;
  #spectra = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#views = viewsOf(memory);
  }

  /** From now on the block of a frame is written. */
  begin(frame: number): void {
    this.#frame = frame;
    this.#strips = 0;
    this.#spectra = 0;
    Atomics.store(this.#views.longs, blockByte(frame) / 8, NO_FRAME);
  }

  /** Adds a strip; what finds no room is left out. @param values - `HEARD_FIELDS` of them */
  addStrip(key: HeardKey, values: Float32Array): void {
    if (this.#strips === MAX_HEARD_STRIPS) return;
    this.#put(STRIPS_BYTE / 4 + this.#strips * STRIP_WORDS, key, values);
    this.#strips += 1;
  }

  /** Adds a spectrum; what finds no room is left out. @param bands - at most `MAX_BANDS` */
  addSpectrum(key: HeardKey, bands: Float32Array): void {
    if (this.#spectra === MAX_SPECTRA) return;
    this.#put(SPECTRA_BYTE / 4 + this.#spectra * SPECTRUM_WORDS, key, bands);
    this.#spectra += 1;
  }

  /** The block is whole: whoever waits for it is woken. */
  end(epoch: number): void {
    const { longs, words } = this.#views;
    const byte = blockByte(this.#frame);
    words[byte / 4 + EPOCH] = epoch;
    words[byte / 4 + STRIPS] = this.#strips;
    words[byte / 4 + SPECTRA] = this.#spectra;
    // After all that belongs to it; a compositor reads a block only when its frame is named.
    Atomics.store(longs, byte / 8, BigInt(this.#frame));
    Atomics.add(words, WROTE, 1);
    Atomics.notify(words, WROTE);
  }

  #put(word: number, { low, high }: HeardKey, values: Float32Array): void {
    const { words, floats } = this.#views;
    const at = blockByte(this.#frame) / 4 + word;
    words[at] = low;
    words[at + 1] = high;
    floats.set(values, at + KEY_WORDS);
  }
}

/** The compositor's side. */
export class HeardReader {
  readonly #views: Views;
  readonly #words = new Int32Array(BLOCK_BYTES / 4);
  readonly #floats = new Float32Array(this.#words.buffer);

  constructor(memory: SharedArrayBuffer) {
    this.#views = viewsOf(memory);
  }

  /** How many blocks have been written; to be read before it is looked whether a block is there. */
  get wrote(): number {
    return Atomics.load(this.#views.words, WROTE);
  }

  /** Resolves when a block has been written since there were so many, at once when it has already; after `timeoutMs` in any case. */
  async written(wrote: number, timeoutMs: number): Promise<void> {
    const wait = Atomics.waitAsync(this.#views.words, WROTE, wrote, timeoutMs);
    if (wait.async) await wait.value;
  }

  /** Whether the block of a frame is there. */
  has(frame: number, epoch: number): boolean {
    const { longs, words } = this.#views;
    const byte = blockByte(frame);
    return (
      Atomics.load(longs, byte / 8) === BigInt(frame) &&
      Atomics.load(words, byte / 4 + EPOCH) === epoch
    );
  }

  /** Takes the block of a frame in: what is asked for from now on is of it. False: it is not there; then nothing is found. */
  take(frame: number, epoch: number): boolean {
    const { words } = this.#views;
    const byte = blockByte(frame);
    if (this.has(frame, epoch)) {
      this.#words.set(words.subarray(byte / 4, (byte + BLOCK_BYTES) / 4));
      // A mixer that is so far ahead would have begun to write over it.
      if (this.has(frame, epoch)) return true;
    }
    this.forget();
    return false;
  }

  /** Nothing is found until a block is taken in. */
  forget(): void {
    this.#words[STRIPS] = 0;
    this.#words[SPECTRA] = 0;
  }

  /** Where the values of a strip stand in `values`; -1: it is not in the block. */
  findStrip(key: HeardKey): number {
    return this.#find(key, STRIPS_BYTE / 4, STRIP_WORDS, this.#words[STRIPS] ?? 0);
  }

  /** Where the bands of a spectrum stand in `values`; -1: it is not in the block. */
  findSpectrum(key: HeardKey): number {
    return this.#find(key, SPECTRA_BYTE / 4, SPECTRUM_WORDS, this.#words[SPECTRA] ?? 0);
  }

  /** Of the block that was taken in. */
  get values(): Float32Array {
    return this.#floats;
  }

  #find({ low, high }: HeardKey, first: number, stride: number, count: number): number {
    const end = first + count * stride;
    for (let at = first; at < end; at += stride)
      if (this.#words[at] === low && this.#words[at + 1] === high) return at + KEY_WORDS;
    return -1;
  }
}
