import { SOUND_CHANNELS } from '../memory/sound-ring.js';

/** What a signal reaches between its samples, as its fourfold oversampling shows it (ITU-R BS.1770-4, annex 2). */

const OVERSAMPLING = 4;

/** Taps of each phase: twice as many as the standard's example has, which reads noise near half the rate 0.5 dB too low. */
export const TRUE_PEAK_TAPS = 24;

/** How many samples after a sample what follows it is known: the middle of the filter. */
export const TRUE_PEAK_DELAY = TRUE_PEAK_TAPS / 2;

/** A sinc in the window of von Hann; `phase` of four parts after the sample in the middle. */
function filterOf(phase: number): Float64Array {
  return Float64Array.from({ length: TRUE_PEAK_TAPS }, (_, tap) => {
    const x = tap - TRUE_PEAK_DELAY + phase / OVERSAMPLING;
    const window = Math.cos((Math.PI * x) / (TRUE_PEAK_TAPS + 1)) ** 2;
    return x === 0 ? 1 : (window * Math.sin(Math.PI * x)) / (Math.PI * x);
  });
}

/** Those between the samples. */
const FILTERS = [1, 2, 3].map(filterOf);

/** No signal reaches more than this times its largest sample with these filters. */
export const TRUE_PEAK_GAIN = Math.max(
  ...FILTERS.map((taps) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0)),
);

/**
 * The true peak of a sample in the middle of others, and of the way to the next one.
 * @param samples - one channel; the `TRUE_PEAK_TAPS` samples up to and without `end` count
 */
export function truePeakAt(samples: Float32Array, end: number): number {
  let peak = Math.abs(samples[end - 1 - TRUE_PEAK_DELAY] ?? 0);
  for (const taps of FILTERS) {
    let sum = 0;
    for (let tap = 0; tap < TRUE_PEAK_TAPS; tap++)
      sum += (taps[tap] ?? 0) * (samples[end - 1 - tap] ?? 0);
    peak = Math.max(peak, Math.abs(sum));
  }
  return peak;
}

/** The last samples of one channel. A power of two above the taps. */
const RING = 32;
const MASK = RING - 1;

/** Measures the true peak of both channels until it is read. */
export class TruePeakMeter {
  /** Twice in a row, so that the filter reads them in one piece. */
  readonly #channels = Array.from({ length: SOUND_CHANNELS }, () => new Float32Array(2 * RING));
  #n = 0;
  #peak = 0;
  /** Samples for which the filter has to be asked: one among its taps may lead to a new peak. */
  #loudFor = 0;

  /** @param samples - interleaved, `count` of each channel */
  add(samples: Float32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const at = this.#n++ & MASK;
      for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
        const value = samples[i * SOUND_CHANNELS + channel] ?? 0;
        const ring = this.#channels[channel];
        if (ring === undefined) continue;
        ring[at] = value;
        ring[at + RING] = value;
        if (Math.abs(value) * TRUE_PEAK_GAIN > this.#peak) this.#loudFor = TRUE_PEAK_TAPS;
      }
      if (this.#loudFor === 0) continue;
      this.#loudFor--;
      for (const ring of this.#channels)
        this.#peak = Math.max(this.#peak, truePeakAt(ring, at + RING + 1));
    }
  }

  /** The largest amplitude since the last reading. */
  read(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }
}
