import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { LoudnessTarget } from '../scene/sound/loudness-target.js';
import { K_WEIGHTING, lufsOf } from './k-weighting.js';
import type { Floats, SoundKernels } from './kernels.js';

/** A step of measuring, and of the gain: 100 ms, at whole multiples of it. */
const STEP_SAMPLES = SAMPLE_RATE_HZ / 10;
/** What is measured at once: 400 ms, as for the integrated loudness of BS.1770. */
const BLOCK_STEPS = 4;
/** The loudness is that of the last 30 s that count. */
const WINDOW_BLOCKS = 300;
/** Before there are 3 s of them nothing is said about it. */
const FEWEST_BLOCKS = 30;
/** What is below this does not count: pauses and the noise of a room are not to be turned up, LUFS. */
const SILENCE_LUFS = -50;
/** Nor what is so much below the loudness of all that is above it, LU. */
const RELATIVE_GATE = -10;
/** Most by which the gain changes with a step: 3 dB in ten seconds. */
const STEP_DB = 0.03;

/**
 * Turns the mix slowly to a loudness, by what the last 30 s that count lack of it, gated as in BS.1770-4. In silence the gain stays
 * as it is.
 */
export class LoudnessSteering {
  readonly #kernels: SoundKernels;
  readonly #coefficients: Float64Array;
  readonly #filters: Float64Array;
  readonly #factors: Floats;
  /** Mean squares: of the last steps, and of the blocks that count. */
  readonly #steps = new Float64Array(BLOCK_STEPS);
  readonly #blocks = new Float64Array(WINDOW_BLOCKS);
  #stepsMeasured = 0;
  #blocksCounted = 0;
  #sum = 0;
  #target: LoudnessTarget | null = null;
  /** At the end of this step. */
  #gainDb = 0;
  /** Factors at its beginning and at its end. */
  #from = 1;
  #to = 1;

  /** @param maxSamples - most samples that are processed at once */
  constructor(kernels: SoundKernels, maxSamples: number) {
    this.#kernels = kernels;
    this.#coefficients = kernels.doubles(K_WEIGHTING.length);
    this.#coefficients.set(K_WEIGHTING);
    this.#filters = kernels.doubles(2 * 2 * SOUND_CHANNELS);
    this.#factors = kernels.floats(maxSamples);
  }

  /** @param target - null: the gain goes back to 0 dB, as slowly as it came */
  aim(target: LoudnessTarget | null): void {
    this.#target = target;
  }

  /** What the mix is turned up by, dB. */
  get gainDb(): number {
    return this.#gainDb;
  }

  /** Turns `count` stereo samples from `first` of the media clock on, in place. */
  process(samples: Floats, first: number, count: number): void {
    if (this.#target === null && this.#from === 1 && this.#to === 1) {
      this.#forget();
      return;
    }
    for (let at = 0; at < count;) {
      const place = (first + at) % STEP_SAMPLES;
      const length = Math.min(count - at, STEP_SAMPLES - place);
      const part = at === 0 ? samples : samples.subarray(at * SOUND_CHANNELS);
      this.#sum += this.#kernels.weigh(part, length, this.#coefficients, this.#filters);
      const slope = (this.#to - this.#from) / STEP_SAMPLES;
      for (let i = 0; i < length; i++) this.#factors[at + i] = this.#from + slope * (place + i + 1);
      at += length;
      if (place + length === STEP_SAMPLES) this.#endStep();
    }
    this.#kernels.scale(samples, this.#factors, count);
  }

  /** What was heard before it was switched off says nothing about what is heard later. */
  #forget(): void {
    if (this.#stepsMeasured === 0) return;
    this.#stepsMeasured = 0;
    this.#blocksCounted = 0;
    this.#sum = 0;
    this.#filters.fill(0);
  }

  #endStep(): void {
    const meanSquare = this.#sum / STEP_SAMPLES;
    this.#sum = 0;
    if (!Number.isFinite(meanSquare)) this.#filters.fill(0);
    this.#steps[this.#stepsMeasured % BLOCK_STEPS] = Number.isFinite(meanSquare) ? meanSquare : 0;
    this.#stepsMeasured++;
    this.#from = this.#to;
    const wantedDb = this.#wantedDb();
    const change = Math.max(-STEP_DB, Math.min(STEP_DB, wantedDb - this.#gainDb));
    this.#gainDb += change;
    this.#to = this.#gainDb === 0 ? 1 : 10 ** (this.#gainDb / 20);
  }

  /** Where the gain is to go after a step. */
  #wantedDb(): number {
    const isSound = this.#countBlock();
    if (this.#target === null) return 0;
    const { targetLufs, maxGainDb } = this.#target;
    const bounded = (gainDb: number): number => Math.max(-maxGainDb, Math.min(maxGainDb, gainDb));
    // In silence it stays, but for a bound that has been lowered.
    if (!isSound || this.#blocksCounted < FEWEST_BLOCKS) return bounded(this.#gainDb);
    return bounded(targetLufs - this.#loudness());
  }

  /** Takes the last 400 ms into account. Answers whether they were loud enough to count. */
  #countBlock(): boolean {
    if (this.#stepsMeasured < BLOCK_STEPS) return false;
    const meanSquare = this.#steps.reduce((sum, value) => sum + value, 0) / BLOCK_STEPS;
    if (!(lufsOf(meanSquare) > SILENCE_LUFS)) return false;
    this.#blocks[this.#blocksCounted % WINDOW_BLOCKS] = meanSquare;
    this.#blocksCounted++;
    return true;
  }

  #loudness(): number {
    const blocks = Math.min(this.#blocksCounted, WINDOW_BLOCKS);
    const gate = this.#meanAbove(0, blocks) * 10 ** (RELATIVE_GATE / 10);
    return lufsOf(this.#meanAbove(gate, blocks));
  }

  /** The mean of the first `blocks` that are above a mean square. */
  #meanAbove(gate: number, blocks: number): number {
    let [sum, count] = [0, 0];
    for (let i = 0; i < blocks; i++) {
      const meanSquare = this.#blocks[i] ?? 0;
      if (meanSquare <= gate) continue;
      sum += meanSquare;
      count++;
    }
    return sum / count;
  }
}
