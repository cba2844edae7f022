import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { Floats, SoundKernels } from './kernels.js';
import { TRUE_PEAK_DELAY, TruePeaks } from './true-peak.js';

/** What no output reaches, between its samples too: −1 dBTP, and a little less for what the bend of the gain adds. */
const CEILING = 10 ** (-1.05 / 20);

/** How long before a peak the gain begins to fall, samples (1.5 ms). */
const ATTACK_SAMPLES = 72;
/** In this time the gain makes up for two thirds of what it lacks of 1, seconds. */
const RELEASE_SECONDS = 0.1;
const RELEASE = 1 - Math.exp(-1 / (RELEASE_SECONDS * SAMPLE_RATE_HZ));
/** From here on a gain is 1: what is missing cannot be heard. */
const WHOLE_GAIN = 1 - 1e-6;

/** How much later samples come out than they go in. */
export const LIMITER_DELAY = ATTACK_SAMPLES + TRUE_PEAK_DELAY;

/** Rings of the last gains. A power of two above `ATTACK_SAMPLES`. */
const RING = 128;
const MASK = RING - 1;

/** Numbers that change with each sample, by their places in one list: as fields each of them would be an object for the collector. */
const HELD_SUM = 0;
const LAST_HELD = 1;
/** What the sample that comes out is multiplied by. */
const GAIN = 2;

/**
 * Holds both channels below −1 dBTP: the gain falls in a straight line before a peak is there, and comes back slowly. What
 * is below passes as it is. What is not a number becomes silence.
 */
export class Limiter {
  readonly #kernels: SoundKernels;
  readonly #truePeaks: TruePeaks;
  /** Samples that have come in and not gone out, and those that come in. */
  readonly #line: Float32Array;
  readonly #needed = new Float64Array(RING).fill(1);
  readonly #held = new Float64Array(RING).fill(1);
  readonly #state = Float64Array.of(ATTACK_SAMPLES, 1, 1);
  /** For so many samples at the least the gain may be below 1. */
  #limitedFor = 0;
  /** The place in the rings of the sample that comes next. */
  #next = 0;

  /** @param maxSamples - most samples that are processed at once */
  constructor(kernels: SoundKernels, maxSamples: number) {
    this.#kernels = kernels;
    this.#truePeaks = new TruePeaks(kernels, maxSamples);
    this.#line = new Float32Array((LIMITER_DELAY + maxSamples) * SOUND_CHANNELS);
  }

  /** Puts `count` stereo samples in, and takes as many out that went in `LIMITER_DELAY` samples before. In place. */
  process(samples: Floats, count: number): void {
    this.#kernels.clean(samples, count);
    const largest = this.#truePeaks.measure(samples, count);
    const [delayed, length] = [LIMITER_DELAY * SOUND_CHANNELS, count * SOUND_CHANNELS];
    for (let i = 0; i < length; i++) this.#line[delayed + i] = samples[i] ?? 0;
    for (let i = 0; i < length; i++) samples[i] = this.#line[i] ?? 0;
    this.#line.copyWithin(0, length, length + delayed);
    if (largest > CEILING || this.#limitedFor > 0) this.#limit(samples, count);
  }

  #limit(samples: Floats, count: number): void {
    const { peaks } = this.#truePeaks;
    for (let i = 0; i < count; i++) {
      this.#follow(peaks, i);
      for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
        const at = i * SOUND_CHANNELS + channel;
        samples[at] = (samples[at] ?? 0) * (this.#state[GAIN] ?? 1);
      }
    }
  }

  /** Works out the gain of the sample that comes out when a peak has come in, which is given by its place for the same reason. */
  #follow(peaks: Float32Array, place: number): void {
    const peak = peaks[place] ?? 0;
    const at = this.#next;
    this.#next = (at + 1) & MASK;
    this.#needed[at] = peak > CEILING ? CEILING / peak : 1;
    if (peak > CEILING) this.#limitedFor = 2 * ATTACK_SAMPLES;
    let least = 1;
    for (let back = 0; back < ATTACK_SAMPLES; back++)
      least = Math.min(least, this.#needed[(at - back) & MASK] ?? 1);
    // It comes back slowly, and falls at once: the mean over the attack makes a line of that.
    const before = this.#state[LAST_HELD] ?? 1;
    const rising = Math.min(least, before + (1 - before) * RELEASE);
    const held = rising > WHOLE_GAIN ? 1 : rising;
    const sum =
      (this.#state[HELD_SUM] ?? 0) + held - (this.#held[(at - ATTACK_SAMPLES) & MASK] ?? 1);
    this.#held[at] = held;
    this.#state[LAST_HELD] = held;
    this.#state[HELD_SUM] = sum;
    // As long as it is below 1, and until the mean is 1 again.
    if (held < 1) this.#limitedFor = Math.max(this.#limitedFor, ATTACK_SAMPLES + 1);
    else if (this.#limitedFor > 0) this.#limitedFor--;
    if (this.#limitedFor === 0) this.#rest();
    this.#state[GAIN] = Math.min(1, this.#state[HELD_SUM] / ATTACK_SAMPLES);
  }

  /** All gains are 1 again; what rounding has added up is gone. */
  #rest(): void {
    this.#needed.fill(1);
    this.#held.fill(1);
    this.#state[HELD_SUM] = ATTACK_SAMPLES;
  }
}
