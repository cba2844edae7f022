import type { Processing } from '../scene/sound/processing-schema.js';
import { Compressor } from './compressor.js';
import { highPass, highShelf, lowShelf, peak } from './filter-design.js';
import { FilterSection } from './filter-section.js';
import { Gate } from './gate.js';
import { GLIDE_STEP_SAMPLES } from './glide.js';
import type { Floats, SoundKernels } from './kernels.js';
import type { StripPart } from './strip-part.js';

/** Parts rest at whole multiples of so many samples: what they do must not depend on how samples are cut into blocks. */
const REST_SAMPLES = 4096;

/** How many samples there are from one on to the next whole multiple of a number. */
function samplesTo(multiple: number, sample: number): number {
  return multiple - (sample % multiple);
}

/** Whether a strip is to have one of these at all. */
export function isProcessing({ highPass, gate, equalizer, compressor }: Processing): boolean {
  return [highPass, gate, equalizer, compressor].some((settings) => settings !== null);
}

/** What a strip does to its sound before its gain: high-pass, gate, equaliser, compressor. */
export class StripProcessor {
  readonly #highPass: FilterSection;
  readonly #gate: Gate;
  readonly #low: FilterSection;
  readonly #mid: FilterSection;
  readonly #high: FilterSection;
  readonly #compressor: Compressor;
  /** In the order in which sound goes through them. */
  readonly #parts: readonly StripPart[];
  #isGliding = false;

  /** @param factors - three more than the most samples that are processed at once; shared with others */
  constructor(kernels: SoundKernels, factors: Floats) {
    this.#highPass = new FilterSection(kernels, highPass);
    this.#gate = new Gate(kernels);
    this.#low = new FilterSection(kernels, lowShelf);
    this.#mid = new FilterSection(kernels, peak);
    this.#high = new FilterSection(kernels, highShelf);
    this.#compressor = new Compressor(kernels, factors);
    this.#parts = [this.#highPass, this.#gate, this.#low, this.#mid, this.#high, this.#compressor];
  }

  /** What it is to do from the next sample on. */
  aim({ highPass, gate, equalizer, compressor }: Processing): void {
    const low = highPass === null ? null : { frequencyHz: highPass.frequencyHz, amount: 1, q: 1 };
    this.#highPass.aim(low);
    this.#gate.aim(gate);
    const bands = [
      [this.#low, equalizer?.low],
      [this.#mid, equalizer?.mid],
      [this.#high, equalizer?.high],
    ] as const;
    for (const [section, band] of bands) {
      if (band === undefined) section.aim(null);
      else {
        const { frequencyHz, gainDb } = band;
        section.aim({ frequencyHz, amount: gainDb, q: 'q' in band ? band.q : 1 });
      }
    }
    this.#compressor.aim(compressor);
    this.#isGliding = this.#parts.some(({ isGliding }) => isGliding);
  }

  /** It leaves sound as it is from now on, as if it had never done anything. */
  reset(): void {
    this.aim({ highPass: null, gate: null, equalizer: null, compressor: null });
    this.settle();
    this.readReductionDb();
  }

  /** It is where it is to be at once: nothing was heard of it before. */
  settle(): void {
    for (const part of this.#parts) part.settle();
    this.#isGliding = false;
  }

  /** Whether it leaves sound as it is. */
  get isIdle(): boolean {
    return this.#parts.every(({ isIdle }) => isIdle);
  }

  /** Whether something is still heard of it when nothing comes in any more. */
  get isRinging(): boolean {
    return this.#parts.some(({ isRinging }) => isRinging);
  }

  /** By how much gate and compressor turned the sound down since the last reading, dB; of each the most. */
  readReductionDb(): number {
    return this.#compressor.readLargestDb() - 20 * Math.log10(this.#gate.readLowest());
  }

  /** Puts `count` stereo samples from `first` of the media clock on through it, in place. */
  process(samples: Floats, first: number, count: number): void {
    for (let at = 0; at < count;) {
      const sample = first + at;
      if (this.#isGliding && sample % GLIDE_STEP_SAMPLES === 0) this.#step();
      const multiple = this.#isGliding ? GLIDE_STEP_SAMPLES : REST_SAMPLES;
      const length = Math.min(count - at, samplesTo(multiple, sample));
      for (const part of this.#parts) part.run(samples, at, length);
      at += length;
      if ((first + at) % REST_SAMPLES === 0) for (const part of this.#parts) part.rest();
    }
  }

  #step(): void {
    for (const part of this.#parts) part.step();
    this.#isGliding = this.#parts.some(({ isGliding }) => isGliding);
  }
}
