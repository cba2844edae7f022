import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { CompressorSettings } from '../scene/sound/processing-schema.js';
import { Glide, GLIDE_STEP_SAMPLES } from './glide.js';
import type { CompressorMemory, Floats, SoundKernels } from './kernels.js';
import type { StripPart } from './strip-part.js';

const DETECTOR_NUMBERS = 4;
const SETTING_NUMBERS = 11;
/** Where the number of samples since the last step is. */
const PLACE = 10;

/** Of dB. */
const DB_AN_OCTAVE = 20 * Math.log10(2);

/** A reduction below this is none, octaves. */
const NOTHING = 1e-7;

/** What is left of a difference after one sample, when a share of 1 / e is left after so many milliseconds. */
function leftAfterSample(ms: number): number {
  return Math.exp(-1000 / (ms * SAMPLE_RATE_HZ));
}

/** Turns down what is loud; both channels by as much. Settings that change get to their new values within 20 ms. */
export class Compressor implements StripPart {
  readonly isRinging = false;
  readonly #kernels: SoundKernels;
  readonly #memory: CompressorMemory;
  readonly #threshold = new Glide(0);
  readonly #knee = new Glide(0);
  readonly #slope = new Glide(0);
  readonly #makeup = new Glide(0);
  /** How much of all this is in effect, 0 to 1. */
  readonly #share = new Glide(0);
  /** As the kernel has them. */
  readonly #settings = [this.#threshold, this.#knee, this.#slope, this.#makeup, this.#share];
  #isRamping = false;
  #place = 0;
  /** Since it was read last, octaves. */
  #largest = 0;

  /** @param factors - three more than the most samples that are processed at once; shared with others */
  constructor(kernels: SoundKernels, factors: Floats) {
    this.#kernels = kernels;
    const detector = kernels.doubles(DETECTOR_NUMBERS);
    this.#memory = { detector, settings: kernels.floats(SETTING_NUMBERS), factors };
  }

  /** @param settings - null: it is to change nothing */
  aim(settings: CompressorSettings | null): void {
    if (settings === null) {
      this.#share.aim(0);
      return;
    }
    const { thresholdDb, ratio, attackMs, releaseMs, kneeDb, makeupDb } = settings;
    const { detector } = this.#memory;
    detector.set([leftAfterSample(releaseMs), leftAfterSample(attackMs)], 2);
    const wanted = [
      thresholdDb / DB_AN_OCTAVE,
      kneeDb / DB_AN_OCTAVE,
      1 - 1 / ratio,
      makeupDb / DB_AN_OCTAVE,
      1,
    ];
    const isNew = this.isIdle;
    for (const [i, glide] of this.#settings.entries()) {
      const value = wanted[i] ?? 0;
      if (isNew && glide !== this.#share) glide.jump(value);
      glide.aim(value);
    }
  }

  get isIdle(): boolean {
    return this.#share.value === 0 && !this.#share.isMoving && !this.#isRamping;
  }

  get isGliding(): boolean {
    return this.#isMoving || this.#isRamping;
  }

  /** The largest reduction since the last reading, dB. */
  readLargestDb(): number {
    const largest = this.#largest * this.#share.value * DB_AN_OCTAVE;
    this.#largest = 0;
    return largest;
  }

  settle(): void {
    while (this.#isMoving) for (const glide of this.#settings) glide.step();
    this.#memory.detector.fill(0, 0, 2);
    this.#write(false);
  }

  step(): void {
    if (this.#isMoving) this.#write(true);
    else if (this.#isRamping) {
      this.#write(false);
      if (this.isIdle) this.#memory.detector.fill(0, 0, 2);
    }
  }

  run(samples: Floats, at: number, count: number): void {
    if (this.isIdle) return;
    this.#memory.settings[PLACE] = this.#place;
    const largest = this.#kernels.compress(samples, at, count, this.#memory);
    this.#largest = Math.max(this.#largest, largest);
    this.#place = this.#isRamping ? this.#place + count : 0;
  }

  rest(): void {
    const { detector } = this.#memory;
    if ((detector[0] ?? 0) < NOTHING && (detector[1] ?? 0) < NOTHING) detector.fill(0, 0, 2);
  }

  get #isMoving(): boolean {
    return this.#settings.some(({ isMoving }) => isMoving);
  }

  /** @param isRamp - over the samples until the next step; otherwise they stay as they are */
  #write(isRamp: boolean): void {
    const { settings } = this.#memory;
    for (const [i, glide] of this.#settings.entries()) {
      const before = glide.value;
      if (isRamp) glide.step();
      settings[2 * i] = before;
      settings[2 * i + 1] = (glide.value - before) / GLIDE_STEP_SAMPLES;
    }
    this.#isRamping = isRamp;
    this.#place = 0;
  }
}
