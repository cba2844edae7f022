import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from './sound-ring.js';

/**
 * The sound of one live input on its way from the ingest thread to the mixer: each stereo sample at the place of the moment at which
 * it is due on the monotonic clock. One writer, any number of readers, and nobody waits.
 *
 * ```
 *  byte   0  BASE     f64, the moment of sample 0, milliseconds on the monotonic clock; never changes
 *         8  VERSION  i32, odd while the words after it change
 *            START    number of the first sample of the run that is being written
 *            END      number after its last one
 *            BEFORE   number of the first sample of the run before it
 *            BEFORE_END
 *        64  samples  f32, left and right, sample n at n modulo the number of samples
 * ```
 *
 * Numbers wrap around at 2^32, and only their differences count. The writer stores samples before END, and counts VERSION up before
 * and after START, BEFORE and BEFORE_END change, so that a reader that finds the same even number before and after has words that
 * belong together.
 */

const WORDS_BYTE = 8;
const SAMPLES_BYTE = 64;
const VERSION = 0;
const START = 1;
const END = 2;
const BEFORE = 3;
const BEFORE_END = 4;
const WORDS = 5;

/** More than the longest latency, seconds. */
const CAPACITY_SECONDS = 6;
const CAPACITY = CAPACITY_SECONDS * SAMPLE_RATE_HZ;

/** @param baseMs - the moment of sample 0, on the monotonic clock */
export function createLiveSound(baseMs: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(SAMPLES_BYTE + CAPACITY * SOUND_CHANNELS * 4);
  new Float64Array(memory, 0, 1)[0] = baseMs;
  return memory;
}

/** The samples that are there, by their numbers: from `start` on, up to but not with `end`. */
export type LiveSpan = { readonly start: number; readonly end: number };

class Views {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly samples: Float32Array<SharedArrayBuffer>;
  readonly baseMs: number;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, WORDS_BYTE, WORDS);
    this.samples = new Float32Array(memory, SAMPLES_BYTE, CAPACITY * SOUND_CHANNELS);
    this.baseMs = new Float64Array(memory, 0, 1)[0] ?? 0;
  }

  /** The number of a moment, with its fraction; not wrapped around. */
  placeOf(momentMs: number): number {
    return ((momentMs - this.baseMs) * SAMPLE_RATE_HZ) / 1000;
  }
}

/** How far a number is after another one. */
export function samplesBetween(from: number, to: number): number {
  return (to - from) | 0;
}

function slotOf(number: number): number {
  return (number >>> 0) % CAPACITY;
}

/** The side of the mixer. */
export class LiveSoundReader {
  readonly #views: Views;

  constructor(memory: SharedArrayBuffer) {
    this.#views = new Views(memory);
  }

  /** The number of the sample that is due at a moment on the monotonic clock. */
  numberAt(momentMs: number): number {
    return Math.round(this.#views.placeOf(momentMs)) | 0;
  }

  /** The run that is being written, and the one before it. */
  get spans(): readonly [LiveSpan, LiveSpan] {
    const { words } = this.#views;
    for (;;) {
      const version = Atomics.load(words, VERSION);
      const now = { start: Atomics.load(words, START), end: Atomics.load(words, END) };
      const before = { start: Atomics.load(words, BEFORE), end: Atomics.load(words, BEFORE_END) };
      if (version % 2 === 0 && Atomics.load(words, VERSION) === version) return [now, before];
    }
  }

  /** Of a channel, 0 or 1. */
  sample(number: number, channel: number): number {
    return this.#views.samples[slotOf(number) * SOUND_CHANNELS + channel] ?? 0;
  }
}

/** The side of the ingest thread: there is one for an input at a time. */
export class LiveSoundWriter {
  readonly #views: Views;
  #end = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#views = new Views(memory);
    const { words } = this.#views;
    // One before this one may have ended in the middle of a change.
    if (Atomics.load(words, VERSION) % 2 !== 0) Atomics.add(words, VERSION, 1);
  }

  /** The place of a moment, samples with their fraction; not wrapped around. */
  placeOf(momentMs: number): number {
    return this.#views.placeOf(momentMs);
  }

  /** What is written from now on begins at a number that does not follow on what was written. */
  beginRun(start: number): void {
    const { words } = this.#views;
    const first = start | 0;
    const [oldStart, oldEnd] = [Atomics.load(words, START), Atomics.load(words, END)];
    // What was written and overlaps is not heard.
    const cut = samplesBetween(first, oldEnd) > 0 ? first : oldEnd;
    Atomics.add(words, VERSION, 1);
    Atomics.store(words, BEFORE, oldStart);
    Atomics.store(words, BEFORE_END, samplesBetween(oldStart, cut) < 0 ? oldStart : cut);
    Atomics.store(words, START, first);
    Atomics.store(words, END, first);
    Atomics.add(words, VERSION, 1);
    this.#end = first;
  }

  /** Goes on with one sample more; heard after `publish`. */
  put(left: number, right: number): void {
    const { samples } = this.#views;
    const at = slotOf(this.#end) * SOUND_CHANNELS;
    samples[at] = left;
    samples[at + 1] = right;
    this.#end = (this.#end + 1) | 0;
  }

  publish(): void {
    // After the samples: who reads it finds them.
    Atomics.store(this.#views.words, END, this.#end);
  }
}
