import type { LevelRamp } from '../scene/sound/ramp-schema.js';
import { isOver, levelAt, type StripKey } from '../scene/sound/levels.js';
import type { Strip } from '../scene/sound/schema.js';
import { toHeardKey, type HeardKey } from '../memory/heard-sound.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import type { StripMeter } from './contract.js';
import type { Floats, SoundKernels } from './kernels.js';
import { createMeasuring, LevelMeter, type Measuring } from './level-meter.js';
import { SlewedLevel } from './slewed-level.js';
import type { SpectrumTap } from './spectrum-meter.js';
import { StripBallistics } from './strip-ballistics.js';
import { isProcessing, StripProcessor } from './strip-processor.js';

/** Where a level is to be. */
export type LevelTarget = {
  /** Amplitude; see `restingLevels`. */
  readonly level: number;
  readonly ramp: LevelRamp | undefined;
};

/** Where a strip is to be. */
export type StripTarget = LevelTarget & {
  readonly strip: Strip;
  /** What scenes let through of it: a fader of its own, so that both can be on their way at once. */
  readonly scenes: LevelTarget;
};

/** Of what has nothing to do with scenes. */
export const ALL_THROUGH: LevelTarget = { level: 1, ramp: undefined };

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

function targetLevelAt({ level, ramp, scenes }: StripTarget, timeMs: number): number {
  return levelAt(level, ramp, timeMs) * levelAt(scenes.level, scenes.ramp, timeMs);
}

/** The factor of a channel, on its way to the one that is wanted. */
type Side = { readonly level: SlewedLevel; readonly wanted: number };

/** @param before - null: it is there already */
function sideTo(wanted: number, before: Side | null): Side {
  const level = before?.level ?? new SlewedLevel(wanted);
  level.retarget();
  return { level, wanted };
}

function fillSide({ level, wanted }: Side, first: number, count: number, to: Floats): void {
  level.fill(first, count, () => wanted, to);
}

/** The level by sample. */
function curveOf(target: StripTarget, timeOf: SampleTime): (sample: number) => number {
  return (sample) => targetLevelAt(target, timeOf(sample));
}

/** Whether nothing is on its way any more with the sample `first`. */
function isResting({ ramp, scenes }: StripTarget, first: number, timeOf: SampleTime): boolean {
  return (
    (ramp === undefined || isOver(ramp, timeOf(first))) &&
    (scenes.ramp === undefined || isOver(scenes.ramp, timeOf(first)))
  );
}

/** Where the level is when nothing is on its way any more. */
function finalLevel({ level, scenes }: StripTarget): number {
  return level * scenes.level;
}

/** What strips work with, one after the other. */
export type StripWorkshop = {
  readonly measuring: Measuring;
  readonly levels: Floats;
  readonly left: Floats;
  readonly right: Floats;
  /** Of left and right, where levels rest. */
  readonly resting: Floats;
  /** Of compressors; see `CompressorMemory`. */
  readonly factors: Floats;
  /** Those that no strip needs any more. */
  readonly freeProcessors: StripProcessor[];
};

/** The kernels work on so many samples at once, and may write as far. */
const VECTOR_SPARE = 3;

/** @param maxSamples - most samples that are processed at once */
export function createStripWorkshop(kernels: SoundKernels, maxSamples: number): StripWorkshop {
  return {
    measuring: createMeasuring(kernels),
    levels: kernels.floats(maxSamples),
    left: kernels.floats(maxSamples),
    right: kernels.floats(maxSamples),
    resting: kernels.floats(SOUND_CHANNELS),
    factors: kernels.floats(maxSamples + VECTOR_SPARE),
    freeProcessors: [],
  };
}

/** One strip at work: shapes samples, and gives them its level, balance and polarity. */
export class StripChannel {
  readonly #meter: LevelMeter;
  /** How loud it looks, for layers. */
  readonly ballistics = new StripBallistics();
  /** What spectra of it are made of; null: nobody wants one. */
  tap: SpectrumTap | null = null;
  readonly heardKey: HeardKey;
  #level: SlewedLevel;
  readonly #workshop: StripWorkshop;
  #target: StripTarget | null = null;
  /** Made when it is first known where they are to be. */
  #left: Side | null = null;
  #right: Side | null = null;
  /** Null: sound is not shaped. */
  #processor: StripProcessor | null = null;

  constructor(workshop: StripWorkshop, key: StripKey) {
    this.#workshop = workshop;
    this.heardKey = toHeardKey(key);
    this.#meter = new LevelMeter(workshop.measuring);
    this.#level = new SlewedLevel(0);
  }

  /** Where it is to be from the next sample on. */
  aim(target: StripTarget): void {
    const before = this.#target;
    if (
      before?.strip === target.strip &&
      before.level === target.level &&
      before.ramp === target.ramp &&
      before.scenes.level === target.scenes.level &&
      before.scenes.ramp === target.scenes.ramp
    )
      return;
    this.#target = target;
    if (before?.strip !== target.strip) this.#aimProcessor(target.strip, before === null);
    this.#level.retarget();
    const [left, right] = sidesOf(target.strip);
    this.#left = sideTo(left, this.#left);
    this.#right = sideTo(right, this.#right);
  }

  /** Where it is with the next sample already: what it is fed begins by itself. */
  begin(target: StripTarget): void {
    const isResting = target.ramp === undefined && target.scenes.ramp === undefined;
    this.#level = new SlewedLevel(isResting ? finalLevel(target) : 0);
    this.aim(target);
  }

  /** It is to be silent: what it is fed falls to nothing. */
  leave(): void {
    if (this.#target !== null) this.aim({ ...this.#target, level: 0, ramp: undefined });
  }

  /** How loud it was since the last reading, and what was done about it. */
  readMeter(): StripMeter {
    const { rms, peak } = this.#meter.read();
    return { rms, peak, reductionDb: this.#processor?.readReductionDb() ?? 0 };
  }

  /** It is not needed any more: what it shapes sound with may go to another strip. */
  close(): void {
    if (this.#processor === null) return;
    this.#processor.reset();
    this.#workshop.freeProcessors.push(this.#processor);
    this.#processor = null;
  }

  /** Whether something is still heard of it when nothing comes in any more. */
  get isRinging(): boolean {
    return this.#processor?.isRinging ?? false;
  }

  /** Whether nothing is heard of it, and nothing is to be. */
  get isSilent(): boolean {
    return this.#level.value === 0 && (this.#target === null || finalLevel(this.#target) === 0);
  }

  /** Puts `count` stereo samples from `first` of the media clock on through what comes before the gain, in place. */
  shape(samples: Floats, first: number, count: number): void {
    if (this.#processor === null) return;
    this.#processor.process(samples, first, count);
    if (this.#processor.isIdle) this.close();
  }

  /**
   * Gives `samples` the strip's gain, balance and polarity, in place. Answers whether its level is above 0 with any of them.
   * @param count - stereo samples from `first` of the media clock on
   */
  process(samples: Floats, first: number, count: number, timeOf: SampleTime): boolean {
    const target = this.#target;
    const left = this.#left;
    const right = this.#right;
    if (target === null || left === null || right === null) {
      samples.fill(0, 0, count * SOUND_CHANNELS);
      return false;
    }
    const before = this.#level.value;
    const final = finalLevel(target);
    const isStill =
      isResting(target, first, timeOf) &&
      this.#level.restsAt(final) &&
      left.level.restsAt(left.wanted) &&
      right.level.restsAt(right.wanted);
    if (isStill) {
      const { measuring, resting } = this.#workshop;
      // In the precision of the other way, so that what comes out does not depend on how samples are cut into blocks.
      resting[0] = Math.fround(final) * Math.fround(left.wanted);
      resting[1] = Math.fround(final) * Math.fround(right.wanted);
      measuring.kernels.stripResting(samples, count, resting);
    } else {
      const { measuring, levels } = this.#workshop;
      this.#level.fill(first, count, curveOf(target, timeOf), levels);
      fillSide(left, first, count, this.#workshop.left);
      fillSide(right, first, count, this.#workshop.right);
      measuring.kernels.strip(samples, count, this.#workshop);
    }
    this.ballistics.add(this.#meter.add(samples, count), count);
    this.tap?.add(samples, count);
    return before > 0 || this.#level.value > 0 || final > 0;
  }

  /** @param isNew - nothing was heard of the strip before */
  #aimProcessor(strip: Strip, isNew: boolean): void {
    if (this.#processor === null) {
      if (!isProcessing(strip)) return;
      const { measuring, factors, freeProcessors } = this.#workshop;
      this.#processor = freeProcessors.pop() ?? new StripProcessor(measuring.kernels, factors);
    }
    this.#processor.aim(strip);
    if (isNew) this.#processor.settle();
  }
}
