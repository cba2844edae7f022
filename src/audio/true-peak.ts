import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { Floats, SoundKernels } from './kernels.js';

/** What a signal reaches between its samples, as its fourfold oversampling shows it (ITU-R BS.1770-4, annex 2). */

const OVERSAMPLING = 4;

/** Taps of each phase: twice as many as the standard's example has, which reads noise near half the rate 0.5 dB too low. */
const TAPS = 24;

/** How many samples after a sample what follows it is known: the middle of the filter. */
export const TRUE_PEAK_DELAY = TAPS / 2;

/** The kernels work on four samples at once, and read as far. */
const SPARE = 3;

/** A sinc in the window of von Hann; `phase` of four parts after the sample in the middle. From the oldest sample on. */
function filterOf(phase: number): number[] {
  return Array.from({ length: TAPS }, (_, place) => {
    const x = TAPS - 1 - place - TRUE_PEAK_DELAY + phase / OVERSAMPLING;
    const window = Math.cos((Math.PI * x) / (TAPS + 1)) ** 2;
    return x === 0 ? 1 : (window * Math.sin(Math.PI * x)) / (Math.PI * x);
  });
}

/** Those between the samples. */
const FILTERS = [1, 2, 3].map(filterOf);

/** True peaks of one stereo signal, chunk by chunk. */
export class TruePeaks {
  readonly #kernels: SoundKernels;
  readonly #filter: { readonly rows: Floats; readonly taps: number; readonly middle: number };
  /** Each channel in one piece, with the last samples of the chunk before in front of it. */
  readonly #channels: readonly Floats[];
  readonly #fresh: readonly Floats[];
  /** Of each sample, the larger one of both channels, as of the last call. */
  readonly peaks: Floats;

  /** @param maxSamples - most samples that are measured at once */
  constructor(kernels: SoundKernels, maxSamples: number) {
    this.#kernels = kernels;
    const rows = kernels.floats(FILTERS.length * TAPS);
    rows.set(FILTERS.flat());
    this.#filter = { rows, taps: TAPS, middle: TAPS - 1 - TRUE_PEAK_DELAY };
    const length = TAPS - 1 + maxSamples + SPARE;
    this.#channels = Array.from({ length: SOUND_CHANNELS }, () => kernels.floats(length));
    this.#fresh = this.#channels.map((channel) => channel.subarray(TAPS - 1));
    this.peaks = kernels.floats(maxSamples + SPARE);
  }

  /** Leaves the peaks of the samples `TRUE_PEAK_DELAY` before these; answers the largest. */
  measure(samples: Floats, count: number): number {
    this.peaks.fill(0, 0, count + SPARE);
    let largest = 0;
    for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
      const [all, fresh] = [this.#channels[channel], this.#fresh[channel]];
      if (all === undefined || fresh === undefined) continue;
      this.#kernels.pick(samples, count, channel, fresh);
      largest = Math.max(largest, this.#kernels.truePeaks(all, count, this.#filter, this.peaks));
      all.copyWithin(0, count, count + TAPS - 1);
    }
    return largest;
  }
}
