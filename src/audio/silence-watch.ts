import { SOUND_CHANNELS, type SampleSpan } from '../memory/sound-ring.js';
import { SAMPLE_RATE_HZ } from '../core/media-clock.js';

/** What is quieter than this is silence, dBFS. */
const SILENCE_DB = -70;
const SILENCE = 10 ** (SILENCE_DB / 20);

/** What has become of the sound that is sent, told by the number of the sample on the media clock. */
export type SilenceChange =
  /** It has been silent from a sample on for as long as was set. */
  | { readonly type: 'silent'; readonly since: number; readonly seconds: number }
  /** This sample is not silent; whether those before it were long enough to be told may not be known. */
  | { readonly type: 'heard'; readonly sample: number };

/** Tells when what is sent falls silent for too long, and when it is back: counted in samples, frame by frame. */
export class SilenceWatch {
  readonly #onChange: (change: SilenceChange) => void;
  /** The first sample after the last that was heard; null: nothing counts. */
  #since: number | null = null;
  /** Null: not known, for nothing has been told. */
  #isSilent: boolean | null = null;

  constructor(onChange: (change: SilenceChange) => void) {
    this.#onChange = onChange;
  }

  /**
   * Takes the samples of a frame (interleaved).
   * @param afterSeconds - how much silence is told; null: none
   */
  follow({ first, end }: SampleSpan, samples: Float32Array, afterSeconds: number | null): void {
    if (afterSeconds === null) this.#since = null;
    else this.#since ??= first;
    for (let i = 0; i < end - first; i++) {
      const isLoud =
        Math.abs(samples[i * SOUND_CHANNELS] ?? 0) > SILENCE ||
        Math.abs(samples[i * SOUND_CHANNELS + 1] ?? 0) > SILENCE;
      if (isLoud) this.#hear(first + i);
    }
    if (afterSeconds === null || this.#since === null || this.#isSilent === true) return;
    if (end - this.#since < afterSeconds * SAMPLE_RATE_HZ) return;
    this.#isSilent = true;
    this.#onChange({ type: 'silent', since: this.#since, seconds: afterSeconds });
  }

  #hear(sample: number): void {
    if (this.#since !== null) this.#since = sample + 1;
    if (this.#isSilent === false) return;
    this.#isSilent = false;
    this.#onChange({ type: 'heard', sample });
  }
}
