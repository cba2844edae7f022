/**
 * The samples of one track (a file, an address, an entry of a playlist) on their way from the ingest thread to the mixer
 * thread. One writer, one reader; neither waits for the other. All that both must know outlives either of them: a new
 * ingest thread goes on at the sample that was written last, a new mixer at the one that was read last.
 *
 * ```
 *  byte  0  WRITTEN   samples written since the track was made    writer: ingest   readers: both
 *        8  READ      samples taken out, never more than WRITTEN  writer: mixer    readers: both
 *       16  END       samples of the whole track; -1: not known   writer: ingest   readers: both
 *       64  samples   interleaved stereo floats; sample i of the track is at i modulo their number
 * ```
 *
 * The writer stores samples before WRITTEN, and the reader loads WRITTEN before it copies samples; the reader copies samples
 * before it stores READ, and the writer loads READ before it writes over any. END is stored after the last WRITTEN, so that a
 * reader that sees it knows that all is there.
 */

import { SOUND_CHANNELS } from './sound-ring.js';

const WRITTEN = 0;
const READ = 1;
const END = 2;
const SAMPLES_BYTE = 64;
const UNKNOWN = -1n;

/** The memory of a track; nothing is in it. @param samples - room for so many, a power of two */
export function createTrackMemory(samples: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(SAMPLES_BYTE + samples * SOUND_CHANNELS * 4);
  new BigInt64Array(memory, 0, 3)[END] = UNKNOWN;
  return memory;
}

/** What both sides see. */
class TrackRing {
  protected readonly words: BigInt64Array<SharedArrayBuffer>;
  protected readonly samples: Float32Array<SharedArrayBuffer>;
  readonly capacity: number;

  constructor(memory: SharedArrayBuffer) {
    this.words = new BigInt64Array(memory, 0, 3);
    this.samples = new Float32Array(memory, SAMPLES_BYTE);
    this.capacity = this.samples.length / SOUND_CHANNELS;
  }

  /** Samples that have been written in all. */
  get written(): number {
    return Number(Atomics.load(this.words, WRITTEN));
  }

  /** Samples that have been read in all. */
  get read(): number {
    return Number(Atomics.load(this.words, READ));
  }

  /** How many samples the track has; null while that is not known. */
  get end(): number | null {
    const end = Atomics.load(this.words, END);
    return end === UNKNOWN ? null : Number(end);
  }
}

/** The ingest thread's side. */
export class TrackRingWriter extends TrackRing {
  get free(): number {
    return this.capacity - (this.written - this.read);
  }

  /** Writes as many of the samples (interleaved) as there is room for; answers how many. */
  write(source: Float32Array): number {
    // READ has been loaded before any sample is written over.
    const count = Math.min(this.free, Math.floor(source.length / SOUND_CHANNELS));
    const first = this.written;
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

  /** All that has been written is the whole track. */
  finish(): void {
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
    // After the copy: the writer may write over them from now on.
    Atomics.store(this.words, READ, BigInt(this.read + count));
  }
}
