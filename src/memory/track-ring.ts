/**
 * The samples of one track (a file, an address, an entry of a playlist) on their way from the ingest thread to the mixer
 * thread. One writer, one reader; neither waits for the other. All that both must know outlives either of them: a new
 * ingest thread goes on at the sample that was written last, a new mixer at the one that was read last.
 *
 * ```
 *  byte  0  WRITTEN   samples written since the track was made    writer: ingest   readers: both
 *        8  READ      samples taken out, never more than WRITTEN  writer: mixer    readers: both
 *       16  END       samples of the whole track; -1: not known   writer: ingest   readers: both
 *       24  LEASE     which track it is lent to                   writer: main     readers: both
 *       32  LAP       samples of a lap of a loop; 0: not known    writer: ingest   readers: ingest
 *       40  LAP_START samples of all laps before the one that     writer: ingest   readers: ingest
 *                     is written, from the first one's beginning
 *       64  samples   interleaved stereo floats; sample i of the track is at i modulo their number
 * ```
 *
 * The writer stores samples before WRITTEN, and the reader loads WRITTEN before it copies samples; the reader copies samples
 * before it stores READ, and the writer loads READ before it writes over any. END is stored after the last WRITTEN, so that a
 * reader that sees it knows that all is there.
 *
 * LAP and LAP_START are what an ingest thread leaves to the next one, which reads them before it writes anything: the place in the
 * lap is where the track began, plus WRITTEN, less LAP_START, modulo LAP. At the end of a lap LAP is stored after the lap's last
 * WRITTEN, and LAP_START after LAP: if the thread ends between two of them, the place is a whole lap, which is the beginning of
 * the next one.
 *
 * The memory of a track that is over is lent to another one: clips come and go, and what they leave would wait for the
 * collectors of three threads. Whoever still has it for a track before finds another LEASE, and with it a track that is over
 * and has no room. It looks before each copy and not during it, so memory rests between two leases for much longer than a copy
 * takes; see track-rings.ts.
 */

import { SOUND_CHANNELS } from './sound-ring.js';

const WRITTEN = 0;
const READ = 1;
const END = 2;
const LEASE = 3;
const LAP = 4;
const LAP_START = 5;
const WORDS = 6;
const SAMPLES_BYTE = 64;
const UNKNOWN = -1n;

/** Memory that is lent to a track. */
export type TrackMemory = { readonly buffer: SharedArrayBuffer; readonly lease: bigint };

/** Memory for a track; nothing is in it. @param samples - room for so many, a power of two */
export function createTrackMemory(samples: number): TrackMemory {
  const buffer = new SharedArrayBuffer(SAMPLES_BYTE + samples * SOUND_CHANNELS * 4);
  return lend(buffer, 0n);
}

/** The same memory for another track; nothing is in it any more. To be called in the main thread. */
export function lendAgain({ buffer, lease }: TrackMemory): TrackMemory {
  return lend(buffer, lease + 1n);
}

/** Samples that there is room for. */
export function trackSamplesOf({ buffer }: TrackMemory): number {
  return (buffer.byteLength - SAMPLES_BYTE) / (SOUND_CHANNELS * 4);
}

function lend(buffer: SharedArrayBuffer, lease: bigint): TrackMemory {
  const words = new BigInt64Array(buffer, 0, WORDS);
  // First: whoever has it for a track before finds nothing in it from now on, and touches none of what follows.
  Atomics.store(words, LEASE, lease);
  Atomics.store(words, WRITTEN, 0n);
  Atomics.store(words, READ, 0n);
  Atomics.store(words, END, UNKNOWN);
  Atomics.store(words, LAP, 0n);
  Atomics.store(words, LAP_START, 0n);
  return { buffer, lease };
}

/** What both sides see. */
class TrackRing {
  protected readonly words: BigInt64Array<SharedArrayBuffer>;
  protected readonly samples: Float32Array<SharedArrayBuffer>;
  readonly capacity: number;
  readonly #lease: bigint;

  constructor(memory: TrackMemory) {
    const { buffer, lease } = memory;
    this.#lease = lease;
    this.words = new BigInt64Array(buffer, 0, WORDS);
    this.samples = new Float32Array(buffer, SAMPLES_BYTE);
    this.capacity = trackSamplesOf(memory);
  }

  /** False: the memory is another track's by now. */
  get isLent(): boolean {
    return Atomics.load(this.words, LEASE) === this.#lease;
  }

  /** Samples that have been written in all. */
  get written(): number {
    return this.isLent ? Number(Atomics.load(this.words, WRITTEN)) : 0;
  }

  /** Samples that have been read in all. */
  get read(): number {
    return this.isLent ? Number(Atomics.load(this.words, READ)) : 0;
  }

  /** How many samples the track has; null while that is not known. */
  get end(): number | null {
    if (!this.isLent) return 0;
    const end = Atomics.load(this.words, END);
    return end === UNKNOWN ? null : Number(end);
  }
}

/** The ingest thread's side. */
export class TrackRingWriter extends TrackRing {
  /** Samples that there is room for now. */
  get free(): number {
    return this.isLent ? this.capacity - (this.written - this.read) : 0;
  }

  /** Writes as many of the samples (interleaved) as there is room for; answers how many. */
  write(source: Float32Array): number {
    // READ has been loaded before any sample is written over.
    const count = Math.min(this.free, Math.floor(source.length / SOUND_CHANNELS));
    const first = this.written;
    if (count <= 0) return 0;
    for (let done = 0; done < count;) {
      const place = (first + done) & (this.capacity - 1);
      const length = Math.min(count - done, this.capacity - place);
      const part = source.subarray(done * SOUND_CHANNELS, (done + length) * SOUND_CHANNELS);
      this.samples.set(part, place * SOUND_CHANNELS);
      done += length;
    }
    // After the samples: whoever sees the number finds them.
    Atomics.store(this.words, WRITTEN, BigInt(first + count));
    return count;
  }

  /** How long a lap is, samples; null while that is not known. */
  get lapSamples(): number | null {
    const lap = this.isLent ? Atomics.load(this.words, LAP) : 0n;
    return lap === 0n ? null : Number(lap);
  }

  /** Samples of all laps before the one that is written, from the beginning of the first one on. */
  get lapStart(): number {
    return this.isLent ? Number(Atomics.load(this.words, LAP_START)) : 0;
  }

  /**
   * What is written from now on is another lap.
   * @param lapStart - samples of all laps before it, from the beginning of the first one on
   * @param lapSamples - how long it is; null: not known
   */
  beginLap(lapStart: number, lapSamples: number | null): void {
    if (!this.isLent) return;
    // After the last WRITTEN of the lap before, and LAP first: between the two the place is where the lap before has ended.
    Atomics.store(this.words, LAP, BigInt(lapSamples ?? 0));
    Atomics.store(this.words, LAP_START, BigInt(lapStart));
  }

  /** All that has been written is the whole track. */
  finish(): void {
    if (!this.isLent) return;
    // After the last WRITTEN.
    Atomics.store(this.words, END, BigInt(this.written));
  }
}

/** The mixer thread's side. */
export class TrackRingReader extends TrackRing {
  get available(): number {
    return this.written - this.read;
  }

  /** Copies `count` samples (interleaved), of which there must be as many, to `target`, and takes them out. */
  take(count: number, target: Float32Array): void {
    if (count <= 0) return;
    const first = this.read;
    for (let done = 0; done < count;) {
      const place = (first + done) & (this.capacity - 1);
      const length = Math.min(count - done, this.capacity - place);
      const from = place * SOUND_CHANNELS;
      target.set(
        this.samples.subarray(from, from + length * SOUND_CHANNELS),
        done * SOUND_CHANNELS,
      );
      done += length;
    }
    this.skip(count);
  }

  /** Takes samples out. */
  skip(count: number): void {
    if (count <= 0) return;
    // After the copy: the writer may write over them from now on.
    Atomics.store(this.words, READ, BigInt(this.read + count));
  }
}
