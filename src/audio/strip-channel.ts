import type { LevelRamp } from '../scene/sound/ramp-schema.js';
import { levelAt, type StripKey } from '../scene/sound/levels.js';
import type { Strip } from '../scene/sound/schema.js';
import { toHeardKey, type HeardKey } from '../memory/heard-sound.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { Floats, SoundKernels } from './kernels.js';
import { createMeasuring, LevelMeter, type Measuring } from './level-meter.js';
import { SlewedLevel } from './slewed-level.js';
import type { SpectrumTap } from './spectrum-meter.js';
import { StripBallistics } from './strip-ballistics.js';

/** Where a strip is to be. */
export type StripTarget = {
  readonly strip: Strip;
  /** Amplitude; see `restingLevels`. */
  readonly level: number;
  readonly ramp: LevelRamp | undefined;
};

/** Program time by the number of the sample, milliseconds. */
export type SampleTime = (sample: number) => number;

/**
 * The factors of both channels. What balance leaves of them: nothing of one as the other is reached, with the cosine in between, so that a sound
 * that goes to one side does not sink on its way.
 */
function sidesOf({ pan, polarity }: Strip): readonly [left: number, right: number] {
  const sign = polarity === 'inverted' ? -1 : 1;
  const taken = sign * Math.cos((Math.abs(pan) * Math.PI) / 2);
  return pan > 0 ? [taken, sign] : [sign, taken];
}

/** What strips work with, one after the other. */
export type StripWorkshop = {
  readonly measuring: Measuring;
  readonly levels: Floats;
  readonly left: Floats;
  readonly right: Floats;
};

/** @param maxSamples - most samples that are processed at once */
export function createStripWorkshop(kernels: SoundKernels, maxSamples: number): StripWorkshop {
  return {
    measuring: createMeasuring(kernels),
    levels: kernels.floats(maxSamples),
    left: kernels.floats(maxSamples),
    right: kernels.floats(maxSamples),
  };
}

/** One strip at work: takes samples, and mixes them into others with its level, balance and polarity. */
export class StripChannel {
  readonly meter: LevelMeter;
  /** How loud it looks, for layers. */
  readonly ballistics = new StripBallistics();
  /** What spectra of it are made of; null: nobody wants one. */
  tap: SpectrumTap | null = null;
  readonly heardKey: HeardKey;
  readonly #level: SlewedLevel;
  /** Left and right; made when it is first known where they are to be. */
  #sides: readonly SlewedLevel[] = [];
  readonly #workshop: StripWorkshop;
  #target: StripTarget | null = null;

  constructor(workshop: StripWorkshop, key: StripKey) {
    this.#workshop = workshop;
    this.heardKey = toHeardKey(key);
    this.meter = new LevelMeter(workshop.measuring);
    this.#level = new SlewedLevel(0);
  }

  /** Where it is to be from the next sample on. */
  aim(target: StripTarget): void {
    const before = this.#target;
    if (
      before?.strip === target.strip &&
      before.level === target.level &&
      before.ramp === target.ramp
    )
      return;
    this.#target = target;
    this.#level.retarget();
    if (this.#sides.length === 0)
      this.#sides = sidesOf(target.strip).map((value) => new SlewedLevel(value));
    for (const side of this.#sides) side.retarget();
  }

  /** It is to be silent: what it is fed falls to nothing. */
  leave(): void {
    if (this.#target !== null) this.aim({ ...this.#target, level: 0, ramp: undefined });
  }

  /** Whether nothing is heard of it, and nothing is to be. */
  get isSilent(): boolean {
    return this.#level.value === 0 && (this.#target?.level ?? 0) === 0;
  }

  /**
   * Puts `samples` through the strip, in place. Answers whether its level is above 0 with any of them.
   * @param count - stereo samples from `first` of the media clock on
   */
  process(samples: Floats, first: number, count: number, timeOf: SampleTime): boolean {
    const target = this.#target;
    if (target === null) {
      samples.fill(0, 0, count * SOUND_CHANNELS);
      return false;
    }
    const before = this.#level.value;
    const { strip, level, ramp } = target;
    const { measuring, levels, left, right } = this.#workshop;
    this.#level.fill(first, count, (sample) => levelAt(level, ramp, timeOf(sample)), levels);
    sidesOf(strip).forEach((wanted, channel) => {
      const side = channel === 0 ? left : right;
      this.#sides[channel]?.fill(first, count, () => wanted, side);
    });
    measuring.kernels.strip(samples, count, { levels, left, right });
    this.ballistics.add(this.meter.add(samples, count), count);
    this.tap?.add(samples, count);
    return before > 0 || this.#level.value > 0 || level > 0;
  }
}
