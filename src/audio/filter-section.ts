import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { FilterDesign } from './filter-design.js';
import { Glide, GLIDE_STEP_SAMPLES } from './glide.js';
import type { Floats, SoundKernels } from './kernels.js';
import type { StripPart } from './strip-part.js';

/** Numbers of the kernel's filter: states, matrices, and steps of the output's. */
const NUMBERS = 16;
const STATES = 4;
const MATRICES = 4;
const OUTPUT = 10;
const STEPS = 13;

/** States below this are nothing (−300 dBFS): long before they, or the squares of what comes of them, get slow to work on. */
const NOTHING = 1e-15;
/** What comes of states below this is not heard (−120 dBFS). */
const SILENT = 1e-6;
/** States of no sound at all: what has led to them, and what they would lead to, is left out. */
const BROKEN = 1e6;

export type FilterSettings = {
  readonly frequencyHz: number;
  /** 0: the filter changes nothing. See `FilterDesign`. */
  readonly amount: number;
  readonly q: number;
};

/** A filter of second order whose settings may move: the frequency by octaves, all within 20 ms. */
export class FilterSection implements StripPart {
  readonly #kernels: SoundKernels;
  readonly #design: FilterDesign;
  readonly #section: Float64Array;
  readonly #octave = new Glide(0);
  readonly #amount = new Glide(0);
  readonly #q = new Glide(1);
  /** The output's coefficients grow with each sample. */
  #isRamping = false;
  /** Sum of the absolute states. */
  #states = 0;

  constructor(kernels: SoundKernels, design: FilterDesign) {
    this.#kernels = kernels;
    this.#design = design;
    this.#section = kernels.doubles(NUMBERS);
    this.settle();
  }

  /** @param settings - null: it is to change nothing */
  aim(settings: FilterSettings | null): void {
    if (settings === null) {
      this.#amount.aim(0);
      return;
    }
    const { frequencyHz, amount, q } = settings;
    const octave = Math.log2(frequencyHz);
    if (this.isIdle) {
      this.#octave.jump(octave);
      this.#q.jump(q);
    }
    this.#octave.aim(octave);
    this.#q.aim(q);
    this.#amount.aim(amount);
  }

  get isIdle(): boolean {
    return this.#amount.value === 0 && !this.#amount.isMoving && !this.#isRamping;
  }

  get isGliding(): boolean {
    return this.#isMoving || this.#isRamping;
  }

  get isRinging(): boolean {
    return this.#states > SILENT;
  }

  settle(): void {
    while (this.#isMoving) this.#advance();
    this.#clear();
    this.#write(0);
  }

  step(): void {
    if (this.#isMoving) {
      this.#advance();
      this.#write(GLIDE_STEP_SAMPLES);
    } else if (this.#isRamping) {
      this.#write(0);
      if (this.isIdle) this.#clear();
    }
  }

  run(samples: Floats, at: number, count: number): void {
    if (this.isIdle) return;
    this.#states = this.#kernels.filter(samples, at, count, this.#section);
    // Written so that it holds for what is no number, too.
    if (this.#states < BROKEN) return;
    this.#clear();
    samples.fill(0, at * SOUND_CHANNELS, (at + count) * SOUND_CHANNELS);
  }

  rest(): void {
    if (this.#states < NOTHING) this.#clear();
  }

  get #isMoving(): boolean {
    return this.#amount.isMoving || this.#octave.isMoving || this.#q.isMoving;
  }

  #advance(): void {
    this.#octave.step();
    this.#amount.step();
    this.#q.step();
  }

  #clear(): void {
    this.#section.fill(0, 0, STATES);
    this.#states = 0;
  }

  /** The states stay as they are, so that what moves are the output's coefficients alone. @param samples - 0: at once */
  #write(samples: number): void {
    const { a11, a12, a21, a22, b1, b2, c1, c2, d } = this.#design(
      2 ** this.#octave.value,
      this.#amount.value,
      this.#q.value,
    );
    const section = this.#section;
    section.set([a11, a12, a21, a22, b1, b2], MATRICES);
    this.#isRamping = samples > 0;
    for (const [i, wanted] of [c1, c2, d].entries()) {
      section[STEPS + i] = samples > 0 ? (wanted - (section[OUTPUT + i] ?? 0)) / samples : 0;
      if (samples === 0) section[OUTPUT + i] = wanted;
    }
  }
}
