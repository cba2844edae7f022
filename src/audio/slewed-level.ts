import { SAMPLE_RATE_HZ } from '../core/media-clock.js';

/** A level is worked out every so many samples, at whole multiples of them, and follows a straight line in between. */
const STEP_SAMPLES = 32;

/** What is set at once takes so long all the same, samples: without it, every cut of a sound would be a click. */
const CUT_SAMPLES = 0.005 * SAMPLE_RATE_HZ;

/**
 * The level of something as it goes from sample to sample: it follows a wanted curve, but never faster than from full
 * scale to silence within 5 ms. Does not depend on how samples are cut into blocks.
 */
export class SlewedLevel {
  #value: number;
  /** Where the line that it follows ends: at which sample, with which value. */
  #end = -Infinity;
  #endValue: number;

  constructor(value: number) {
    this.#value = value;
    this.#endValue = value;
  }

  /** As of the last sample. */
  get value(): number {
    return this.#value;
  }

  /** What is wanted has changed: the line is drawn anew from here. */
  retarget(): void {
    this.#end = -Infinity;
  }

  /** Whether it is at `wanted`, and stays there as long as nothing else is wanted. */
  restsAt(wanted: number): boolean {
    if (this.#value !== wanted) return false;
    // What is left of the line is flat.
    this.#end = -Infinity;
    return true;
  }

  /** Puts the levels of `count` samples from `first` on into `target`; `wanted` is the curve by sample. */
  fill(
    first: number,
    count: number,
    wanted: (sample: number) => number,
    target: Float32Array,
  ): void {
    for (let i = 0; i < count;) {
      const sample = first + i;
      if (sample >= this.#end) this.#drawLine(sample, wanted);
      const left = this.#end - sample;
      const samples = Math.min(left, count - i);
      const slope = (this.#endValue - this.#value) / left;
      if (slope === 0) target.fill(this.#value, i, i + samples);
      else for (let j = 0; j < samples; j++) target[i + j] = this.#value + slope * (j + 1);
      this.#value = samples === left ? this.#endValue : this.#value + slope * samples;
      i += samples;
    }
  }

  #drawLine(sample: number, wanted: (sample: number) => number): void {
    this.#end = (Math.floor(sample / STEP_SAMPLES) + 1) * STEP_SAMPLES;
    const to = wanted(this.#end);
    const most = ((this.#end - sample) * Math.max(1, this.#value, to)) / CUT_SAMPLES;
    this.#endValue = Math.min(this.#value + most, Math.max(this.#value - most, to));
  }
}
