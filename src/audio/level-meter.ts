import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { Meter } from './contract.js';
import type { Floats, SoundKernels } from './kernels.js';

/** What meters measure with, and where; shared by all that do so one after the other. */
export type Measuring = { readonly kernels: SoundKernels; readonly sums: Float64Array };

/** @param kernels - of the memory in which that is */
export function createMeasuring(kernels: SoundKernels): Measuring {
  return { kernels, sums: kernels.doubles(2 * SOUND_CHANNELS) };
}

/** How loud something is: sums up what it is given until it is read. */
export class LevelMeter {
  readonly #measuring: Measuring;
  readonly #squares = new Float64Array(SOUND_CHANNELS);
  readonly #peaks = new Float64Array(SOUND_CHANNELS);
  #samples = 0;

  constructor(measuring: Measuring) {
    this.#measuring = measuring;
  }

  /**
   * Answers what these samples come to, until the next are measured: sums of squares by channel, then largest amplitudes.
   * @param samples - interleaved, `count` of each channel
   */
  add(samples: Floats, count: number): Float64Array {
    const { kernels, sums } = this.#measuring;
    sums.fill(0);
    kernels.measure(samples, count, sums);
    for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
      this.#squares[channel] = (this.#squares[channel] ?? 0) + (sums[channel] ?? 0);
      const peak = sums[SOUND_CHANNELS + channel] ?? 0;
      this.#peaks[channel] = Math.max(this.#peaks[channel] ?? 0, peak);
    }
    this.#samples += count;
    return sums;
  }

  /** Of all since the last reading. */
  read(): Meter {
    const rms = (channel: number): number =>
      this.#samples === 0 ? 0 : Math.sqrt((this.#squares[channel] ?? 0) / this.#samples);
    const meter: Meter = {
      rms: [rms(0), rms(1)],
      peak: [this.#peaks[0] ?? 0, this.#peaks[1] ?? 0],
    };
    this.#squares.fill(0);
    this.#peaks.fill(0);
    this.#samples = 0;
    return meter;
  }
}
