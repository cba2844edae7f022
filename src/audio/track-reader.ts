import { TrackRingReader } from '../memory/track-ring.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { TrackPosition } from './contents.js';
import type { TrackRef } from './contract.js';

/** How long a track takes to fall silent where it is paused or its samples are late, and to come back, samples: 5 ms. */
const FADE_SAMPLES = 240;
/** So much must have been decoded before it begins, samples: 50 ms. */
const START_SAMPLES = 2400;

/** Told of what becomes of a track. @param sample - of the media clock */
export type TrackListener = (event: 'started' | 'ended' | 'underrun', sample: number) => void;

/** Reads one track from its ring, in order, with fades wherever it is interrupted. */
export class TrackReader {
  readonly ref: TrackRef;
  readonly #ring: TrackRingReader;
  readonly #listener: TrackListener;
  #gain: number;
  #isRunning = false;
  #isEndTold = false;

  constructor(ref: TrackRef, listener: TrackListener) {
    this.ref = ref;
    this.#ring = new TrackRingReader(ref.memory);
    this.#listener = listener;
    // What begins at the beginning of a file begins as that does.
    this.#gain = this.beginsPlainly ? 1 : 0;
  }

  /** Whether its first sample is the first of a file, and needs no fade. */
  get beginsPlainly(): boolean {
    return !this.hasBegun && !this.ref.fadesIn;
  }

  get trackPosition(): TrackPosition {
    return { key: this.ref.key, samples: this.position };
  }

  /** Samples that have been heard. */
  get position(): number {
    return this.#ring.read;
  }

  /** Whether it is heard, be it on its way out. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  get hasBegun(): boolean {
    return this.#ring.read > 0;
  }

  /** Samples of the whole track; null while that is not known. */
  get length(): number | null {
    return this.#ring.end;
  }

  /** Samples that are left; null while that is not known. */
  get remaining(): number | null {
    const { end } = this.#ring;
    return end === null ? null : end - this.#ring.read;
  }

  get isOver(): boolean {
    return this.remaining === 0;
  }

  /**
   * Puts the next `count` samples into `target`, silence where there are none.
   * @param first - the sample of the media clock that they begin with
   * @param isWanted - false: it is paused, and takes nothing more once it is silent
   * @returns whether any were put
   */
  render(first: number, count: number, target: Float32Array, isWanted: boolean): boolean {
    // In this order: when the end is known, all that has been written is seen.
    const { end } = this.#ring;
    const { available } = this.#ring;
    if (!this.#begin(first, end !== null, available, isWanted)) {
      if (this.isOver) this.#tellEnd(first);
      return false;
    }
    const most = isWanted ? count : Math.min(count, Math.ceil(this.#gain * FADE_SAMPLES));
    const taken = Math.min(most, available);
    this.#ring.take(taken, target);
    target.fill(0, taken * SOUND_CHANNELS, count * SOUND_CHANNELS);
    this.#fade(target, taken, end === null ? available : Infinity, isWanted);
    if (taken < count) this.#stop(first + taken, isWanted && end === null);
    return taken > 0;
  }

  #begin(first: number, isAllThere: boolean, available: number, isWanted: boolean): boolean {
    if (this.#isRunning) return true;
    if (!isWanted || available === 0 || (!isAllThere && available < START_SAMPLES)) return false;
    this.#isRunning = true;
    if (!this.hasBegun) this.#listener('started', first);
    return true;
  }

  #stop(sample: number, isDry: boolean): void {
    this.#isRunning = false;
    this.#gain = 0;
    if (isDry) this.#listener('underrun', sample);
    else if (this.isOver) this.#tellEnd(sample);
  }

  #tellEnd(sample: number): void {
    if (this.#isEndTold) return;
    this.#isEndTold = true;
    this.#listener('ended', sample);
  }

  /** @param available - samples from the first of these on, after which there are none; they fade to nothing before that */
  #fade(target: Float32Array, count: number, available: number, isWanted: boolean): void {
    if (this.#gain === 1 && isWanted && available - count >= FADE_SAMPLES) return;
    for (let i = 0; i < count; i++) {
      const wanted = isWanted ? this.#gain + 1 / FADE_SAMPLES : this.#gain - 1 / FADE_SAMPLES;
      this.#gain = Math.max(0, Math.min(1, wanted, (available - i - 1) / FADE_SAMPLES));
      for (let channel = 0; channel < SOUND_CHANNELS; channel++)
        target[i * SOUND_CHANNELS + channel] =
          (target[i * SOUND_CHANNELS + channel] ?? 0) * this.#gain;
    }
  }
}
