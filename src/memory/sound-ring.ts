import { SAMPLE_RATE_HZ } from '../core/media-clock.js';

/**
 * The sound of the program: stereo samples (48 kHz, float, interleaved) by the number of the sample on the media clock,
 * and for each frame a word on what they are. The mixer writes them frame by frame, the stitcher reads them; neither
 * waits for the other. A memory of its own, so that a mixer that writes where it should not spoils no picture.
 *
 *     bytes  0        64                                      12288                      12288 + 2^18·8
 *            CLAIMED  BLOCK[512]: FRAME EPOCH STATE           samples: L R L R …, sample s at (s mod 2^18)·8
 *            i64                  i64   i32   i32             f32
 *
 * | word            | writer | readers  | ordering |
 * |-----------------|--------|----------|----------|
 * | CLAIMED         | mixer  | stitcher | the sample up to which samples may be written over from now on: stored before they are written, read again after they were copied |
 * | samples         | mixer  | stitcher | written before FRAME names their block |
 * | EPOCH, STATE    | mixer  | stitcher | stored after FRAME is no frame, and before FRAME names their block |
 * | FRAME           | mixer  | stitcher | last; read before and after the others, so that all belong together |
 */

const CLAIMED = 0;
const BLOCKS_BYTE = 64;
const BLOCK_BYTES = 16;
const SAMPLES_BYTE = 12_288;

/** Blocks that are known: more than four seconds at 120 frames a second. A power of two. */
export const SOUND_BLOCKS = 512;
/** Samples that are kept, some five seconds: as many as five frames at one frame a second. A power of two. */
export const SOUND_RING_SAMPLES = 1 << 18;
/** Left and right. */
export const SOUND_CHANNELS = 2;

export const SOUND_MEMORY_BYTES = SAMPLES_BYTE + SOUND_RING_SAMPLES * SOUND_CHANNELS * 4;

const NO_FRAME = -(2n ** 62n);

/** What the samples of a frame are: of sources that sound, or silence because nothing is to sound. */
export type SoundState = 'mixed' | 'silent';

const STATES: readonly SoundState[] = ['mixed', 'silent'];

/** The samples from `first` up to and without `end`, by their number on the media clock. */
export type SampleSpan = { readonly first: number; readonly end: number };

/** The most samples that a frame can have: at one frame a second. */
export const MAX_FRAME_SAMPLES = SAMPLE_RATE_HZ;

type Views = {
  readonly longs: BigInt64Array<SharedArrayBuffer>;
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly samples: Float32Array<SharedArrayBuffer>;
};

function viewsOf(memory: SharedArrayBuffer): Views {
  return {
    longs: new BigInt64Array(memory, 0, SAMPLES_BYTE / 8),
    words: new Int32Array(memory, 0, SAMPLES_BYTE / 4),
    samples: new Float32Array(memory, SAMPLES_BYTE),
  };
}

function frameIndex(frame: number): number {
  return (BLOCKS_BYTE + (frame & (SOUND_BLOCKS - 1)) * BLOCK_BYTES) / 8;
}

function epochIndex(frame: number): number {
  return frameIndex(frame) * 2 + 2;
}

/** Calls back with each part of a span that lies in one piece in the ring: offsets in floats, and counts of samples. */
function forPieces(
  { first, end }: SampleSpan,
  copy: (ringOffset: number, spanOffset: number, samples: number) => void,
): void {
  for (let at = first; at < end;) {
    const place = at & (SOUND_RING_SAMPLES - 1);
    const samples = Math.min(end - at, SOUND_RING_SAMPLES - place);
    copy(place * SOUND_CHANNELS, (at - first) * SOUND_CHANNELS, samples);
    at += samples;
  }
}

/** The memory of a program's sound; no block is in it. */
export function createSoundMemory(): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(SOUND_MEMORY_BYTES);
  const { longs } = viewsOf(memory);
  longs[CLAIMED] = NO_FRAME;
  for (let block = 0; block < SOUND_BLOCKS; block++) longs[frameIndex(block)] = NO_FRAME;
  return memory;
}

/** The mixer's side. One at a time for a memory. */
export class SoundRingWriter {
  readonly #views: Views;

  constructor(memory: SharedArrayBuffer) {
    this.#views = viewsOf(memory);
  }

  /** Puts a frame's samples (interleaved, as many as the span has) where the stitcher finds them. Frames come in order. */
  write(
    { frame, epoch, state }: { frame: number; epoch: number; state: SoundState },
    span: SampleSpan,
    samples: Float32Array,
  ): void {
    const { longs, words, samples: ring } = this.#views;
    // Before any sample is written over: whoever copied one of those finds out.
    Atomics.store(longs, CLAIMED, BigInt(span.end));
    Atomics.store(longs, frameIndex(frame), NO_FRAME);
    forPieces(span, (ringOffset, spanOffset, count) => {
      ring.set(samples.subarray(spanOffset, spanOffset + count * SOUND_CHANNELS), ringOffset);
    });
    Atomics.store(words, epochIndex(frame), epoch);
    Atomics.store(words, epochIndex(frame) + 1, STATES.indexOf(state));
    // Last: the stitcher reads a block only when its frame is named.
    Atomics.store(longs, frameIndex(frame), BigInt(frame));
  }
}

/** The stitcher's side. */
export class SoundRingReader {
  readonly #views: Views;

  constructor(memory: SharedArrayBuffer) {
    this.#views = viewsOf(memory);
  }

  /**
   * Copies a frame's samples (interleaved) to `target`, which has room for the span. Null when they are not there, or no
   * longer; what is in `target` is of no use then.
   */
  read(frame: number, epoch: number, span: SampleSpan, target: Float32Array): SoundState | null {
    const { longs, words, samples: ring } = this.#views;
    const named = BigInt(frame);
    // The load orders all that was written before the frame was named.
    if (Atomics.load(longs, frameIndex(frame)) !== named) return null;
    const isOfEpoch = Atomics.load(words, epochIndex(frame)) === epoch;
    const state = STATES[Atomics.load(words, epochIndex(frame) + 1)];
    if (!isOfEpoch || state === undefined) return null;
    forPieces(span, (ringOffset, spanOffset, count) => {
      target.set(ring.subarray(ringOffset, ringOffset + count * SOUND_CHANNELS), spanOffset);
    });
    // After the copy: another block in its place, or one that is written over its samples, would have been announced.
    const isWhole =
      Atomics.load(longs, frameIndex(frame)) === named &&
      Atomics.load(longs, CLAIMED) <= BigInt(span.first + SOUND_RING_SAMPLES);
    return isWhole ? state : null;
  }
}
