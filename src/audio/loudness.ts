import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import { K_WEIGHTING, lufsOf } from './k-weighting.js';
import type { Floats, SoundKernels } from './kernels.js';

/**
 * Loudness as ITU-R BS.1770-4 and EBU R 128 have it: samples are weighted (a shelf and a high-pass), their mean square over
 * both channels is taken in blocks of 100 ms, and those are put together: 4 for the momentary loudness, 30 for the
 * short-term, all above two gates for the integrated one.
 */

const BLOCK_SAMPLES = SAMPLE_RATE_HZ / 10;
const MOMENTARY_BLOCKS = 4;
const SHORT_TERM_BLOCKS = 30;
/** Below this a block of 400 ms does not count for the integrated loudness, LUFS. */
const ABSOLUTE_GATE = -70;
/** Nor when it is so much below the loudness of those that are above the first gate, LU. */
const RELATIVE_GATE = -10;

/** The integrated loudness is kept as a histogram of such steps, LU, so that it takes the same memory after weeks. */
const STEP = 0.01;
const HIGHEST = 10;
const STEPS = Math.round((HIGHEST - ABSOLUTE_GATE) / STEP);

/** LUFS; null: quieter than anything that counts, or nothing was heard yet. */
export type Loudness = {
  readonly momentary: number | null;
  readonly shortTerm: number | null;
  readonly integrated: number | null;
};

/** Measures how loud what it hears is. The integrated loudness counts from its making on. */
export class LoudnessMeter {
  readonly #kernels: SoundKernels;
  readonly #coefficients: Float64Array;
  /** Of both filters, two numbers for each channel and order. */
  readonly #filters: Float64Array;
  /** Mean squares of the last blocks of 100 ms; that of block n is at n modulo their number. */
  readonly #blocks = new Float64Array(SHORT_TERM_BLOCKS);
  #ended = 0;
  #sum = 0;
  #samples = 0;
  /** How many blocks of 400 ms were of each step above the absolute gate, and their mean squares together. */
  readonly #counts = new Float64Array(STEPS);
  readonly #sums = new Float64Array(STEPS);

  constructor(kernels: SoundKernels) {
    this.#kernels = kernels;
    this.#coefficients = kernels.doubles(K_WEIGHTING.length);
    this.#coefficients.set(K_WEIGHTING);
    this.#filters = kernels.doubles(2 * 2 * SOUND_CHANNELS);
  }

  /** @param samples - interleaved, `count` of each channel */
  add(samples: Floats, count: number): void {
    for (let i = 0; i < count;) {
      const part = Math.min(count - i, BLOCK_SAMPLES - this.#samples);
      const from = i === 0 ? samples : samples.subarray(i * SOUND_CHANNELS);
      this.#sum += this.#kernels.weigh(from, part, this.#coefficients, this.#filters);
      this.#samples += part;
      i += part;
      if (this.#samples === BLOCK_SAMPLES) this.#endBlock();
    }
  }

  get loudness(): Loudness {
    return {
      momentary: shown(this.#meanOf(MOMENTARY_BLOCKS)),
      shortTerm: shown(this.#meanOf(SHORT_TERM_BLOCKS)),
      integrated: this.#integrated(),
    };
  }

  #endBlock(): void {
    this.#blocks[this.#ended % SHORT_TERM_BLOCKS] = this.#sum / BLOCK_SAMPLES;
    this.#ended++;
    this.#sum = 0;
    this.#samples = 0;
    const meanSquare = this.#meanOf(MOMENTARY_BLOCKS);
    if (meanSquare === null) return;
    const lufs = lufsOf(meanSquare);
    if (!(lufs > ABSOLUTE_GATE)) return;
    const step = Math.min(STEPS - 1, Math.floor((lufs - ABSOLUTE_GATE) / STEP));
    this.#counts[step] = (this.#counts[step] ?? 0) + 1;
    this.#sums[step] = (this.#sums[step] ?? 0) + meanSquare;
  }

  /** Of the last blocks; null: there are not as many yet. */
  #meanOf(blocks: number): number | null {
    if (this.#ended < blocks) return null;
    let sum = 0;
    for (let n = this.#ended - blocks; n < this.#ended; n++)
      sum += this.#blocks[n % SHORT_TERM_BLOCKS] ?? 0;
    return sum / blocks;
  }

  #integrated(): number | null {
    const above = (gate: number): number => {
      const first = Math.max(0, Math.ceil((gate - ABSOLUTE_GATE) / STEP));
      let [count, sum] = [0, 0];
      for (let step = first; step < STEPS; step++) {
        count += this.#counts[step] ?? 0;
        sum += this.#sums[step] ?? 0;
      }
      return lufsOf(sum / count);
    };
    const ungated = above(ABSOLUTE_GATE);
    return Number.isNaN(ungated)
      ? null
      : shown(10 ** ((above(ungated + RELATIVE_GATE) + 0.691) / 10));
  }
}

/** A mean square as LUFS, in hundredths. */
function shown(meanSquare: number | null): number | null {
  if (meanSquare === null) return null;
  const lufs = lufsOf(meanSquare);
  return lufs > ABSOLUTE_GATE ? Math.round(lufs * 100) / 100 : null;
}
