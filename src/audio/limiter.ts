import { SOUND_CHANNELS } from '../memory/sound-ring.js';
import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { TRUE_PEAK_DELAY, TRUE_PEAK_GAIN, TRUE_PEAK_TAPS, truePeakAt } from './true-peak.js';

/** What no output reaches, between its samples too: −1 dBTP, and a little less for what the bend of the gain adds. */
const CEILING = 10 ** (-1.05 / 20);

/** How long before a peak the gain begins to fall, samples (1.5 ms). */
const ATTACK_SAMPLES = 72;
/** In this time the gain makes up for two thirds of what it lacks of 1, seconds. */
const RELEASE_SECONDS = 0.1;
const RELEASE = 1 - Math.exp(-1 / (RELEASE_SECONDS * SAMPLE_RATE_HZ));

/** How much later samples come out than they go in. */
export const LIMITER_DELAY = ATTACK_SAMPLES + TRUE_PEAK_DELAY;

/** Rings of the last samples, gains and sums. A power of two above `LIMITER_DELAY` and the taps. */
const RING = 128;
const MASK = RING - 1;

/**
 * Holds both channels below −1 dBTP: the gain falls in a straight line before a peak is there, and comes back slowly. What
 * is below passes as it is. What is not a number becomes silence.
 */
export class Limiter {
  /** The last samples, twice in a row, so that the filter reads them in one piece. */
  readonly #channels = Array.from({ length: SOUND_CHANNELS }, () => new Float32Array(2 * RING));
  readonly #needed = new Float64Array(RING).fill(1);
  readonly #held = new Float64Array(RING).fill(1);
  #heldSum = ATTACK_SAMPLES;
  #lastHeld = 1;
  /** Samples for which the filter still has to be asked: the last loud one is among its taps. */
  #loudFor = 0;
  /** Samples for which one of the last ones needs less gain than 1. */
  #limitedFor = 0;
  #n = 0;

  /** Puts `count` stereo samples in, and takes as many out that went in `LIMITER_DELAY` samples before. In place. */
  process(samples: Float32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const at = this.#n++;
      let loudest = 0;
      for (let channel = 0; channel < SOUND_CHANNELS; channel++) {
        const given = samples[i * SOUND_CHANNELS + channel] ?? 0;
        const value = Number.isFinite(given) ? given : 0;
        const ring = this.#channels[channel];
        if (ring === undefined) continue;
        ring[at & MASK] = value;
        ring[(at & MASK) + RING] = value;
        loudest = Math.max(loudest, Math.abs(value));
      }
      if (loudest * TRUE_PEAK_GAIN > CEILING) this.#loudFor = TRUE_PEAK_TAPS;
      const gain = this.#gainFor(at);
      const out = (at - LIMITER_DELAY) & MASK;
      for (let channel = 0; channel < SOUND_CHANNELS; channel++)
        samples[i * SOUND_CHANNELS + channel] = (this.#channels[channel]?.[out] ?? 0) * gain;
    }
  }

  /** The gain of the sample that comes out now, when the one at `at` has come in. */
  #gainFor(at: number): number {
    let peak = 0;
    if (this.#loudFor > 0) {
      this.#loudFor--;
      for (const ring of this.#channels)
        peak = Math.max(peak, truePeakAt(ring, (at & MASK) + RING + 1));
    }
    this.#needed[at & MASK] = peak > CEILING ? CEILING / peak : 1;
    if (peak > CEILING) this.#limitedFor = ATTACK_SAMPLES;
    let least = 1;
    if (this.#limitedFor > 0) {
      this.#limitedFor--;
      for (let back = 0; back < ATTACK_SAMPLES; back++)
        least = Math.min(least, this.#needed[(at - back) & MASK] ?? 1);
    }
    // It comes back slowly, and falls at once: the mean over the attack makes a line of that.
    this.#lastHeld = Math.min(least, this.#lastHeld + (1 - this.#lastHeld) * RELEASE);
    this.#heldSum += this.#lastHeld - (this.#held[(at - ATTACK_SAMPLES) & MASK] ?? 1);
    this.#held[at & MASK] = this.#lastHeld;
    // Rounding would add up over days.
    if ((at & MASK) === 0) this.#heldSum = this.#sumOfHeld(at);
    return Math.min(1, this.#heldSum / ATTACK_SAMPLES);
  }

  #sumOfHeld(at: number): number {
    let sum = 0;
    for (let back = 0; back < ATTACK_SAMPLES; back++) sum += this.#held[(at - back) & MASK] ?? 1;
    return sum;
  }
}
