import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { Floats, SoundKernels } from './kernels.js';

/** Three poles a channel; see `pinkNoise` of the kernels. */
export const PINK_POLES = 3 * SOUND_CHANNELS;

/** Makes noise of full scale; shared by all sources that do so one after the other. Channels have nothing in common. */
export class NoiseGenerator {
  readonly #kernels: SoundKernels;
  readonly #samples: Floats;
  readonly #poles: Float64Array;

  /** @param maxSamples - most samples that are made at once */
  constructor(kernels: SoundKernels, maxSamples: number) {
    this.#kernels = kernels;
    // White noise is made of two samples at once.
    this.#samples = kernels.floats((maxSamples + 1) * SOUND_CHANNELS);
    this.#poles = kernels.doubles(PINK_POLES);
  }

  /** Puts `count` stereo samples from `first` of the media clock on into `target`. @param poles - null: white */
  render(first: number, count: number, target: Float32Array, poles: Float64Array | null): void {
    // The kernels count in 32 bits.
    const number = (first * SOUND_CHANNELS) | 0;
    if (poles === null) this.#kernels.whiteNoise(this.#samples, count, number);
    else {
      this.#poles.set(poles);
      this.#kernels.pinkNoise(this.#samples, count, number, this.#poles);
      poles.set(this.#poles);
    }
    const length = count * SOUND_CHANNELS;
    for (let i = 0; i < length; i++) target[i] = this.#samples[i] ?? 0;
  }
}
