import { SAMPLE_RATE_HZ } from '../core/media-clock.js';

/** A setting that moves is worked out every so many samples, at whole multiples of them. */
export const GLIDE_STEP_SAMPLES = 32;

/** How long a setting takes to its new value, seconds: long enough that nothing clicks, and short for whoever listens. */
const GLIDE_SECONDS = 0.02;
const GLIDE_STEPS = (GLIDE_SECONDS * SAMPLE_RATE_HZ) / GLIDE_STEP_SAMPLES;

/** A setting on its way to where it is put, in equal steps. */
export class Glide {
  #value: number;
  #target: number;
  #stepsLeft = 0;

  constructor(value: number) {
    this.#value = value;
    this.#target = value;
  }

  get value(): number {
    return this.#value;
  }

  get isMoving(): boolean {
    return this.#stepsLeft > 0;
  }

  /** It is there at once. */
  jump(value: number): void {
    this.#value = value;
    this.#target = value;
    this.#stepsLeft = 0;
  }

  /** It is to be there in 20 ms. */
  aim(target: number): void {
    if (target === this.#target) return;
    this.#target = target;
    this.#stepsLeft = GLIDE_STEPS;
  }

  step(): void {
    if (this.#stepsLeft === 0) return;
    this.#value += (this.#target - this.#value) / this.#stepsLeft;
    this.#stepsLeft--;
    if (this.#stepsLeft === 0) this.#value = this.#target;
  }
}
