import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { Meter } from './contract.js';

/** How loud something is: sums up what it is given until it is read. */
export class LevelMeter {
  readonly #squares = new Float64Array(SOUND_CHANNELS);
  readonly #peaks = new Float64Array(SOUND_CHANNELS);
  #samples = 0;

  /** @param samples - interleaved, `count` of each channel */
  add(samples: Float32Array, count: number): void {
    for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
      let squares = 0;
      let peak = this.#peaks[channel] ?? 0;
      for (let i = channel; i < count * SOUND_CHANNELS; i += SOUND_CHANNELS) {
        const value = samples[i] ?? 0;
        squares += value * value;
        peak = Math.max(peak, Math.abs(value));
      }
      this.#squares[channel] = (this.#squares[channel] ?? 0) + squares;
      this.#peaks[channel] = peak;
    }
    this.#samples += count;
  }

  /** Time has passed in silence. */
  addSilence(count: number): void {
    this.#samples += count;
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
