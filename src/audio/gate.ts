import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import type { GateSettings } from '../scene/sound/processing-schema.js';
import type { Floats, SoundKernels } from './kernels.js';
import type { StripPart } from './strip-part.js';

const NUMBERS = 8;
const GAIN = 0;
const HELD = 1;
const SETTINGS = 2;
const FLOOR = 3;

/** A gate that is switched off, or to close less, rises no faster than from silence to full scale in 5 ms. */
const RISE = 1 / (0.005 * SAMPLE_RATE_HZ);

function samplesOf(ms: number): number {
  return (ms * SAMPLE_RATE_HZ) / 1000;
}

/** Turns down what is quiet; both channels by as much. What is on its way when settings change goes on from where it is. */
export class Gate implements StripPart {
  readonly isGliding = false;
  readonly isRinging = false;
  readonly #kernels: SoundKernels;
  readonly #state: Float64Array;
  /** Since it was read last. */
  #lowest = 1;

  constructor(kernels: SoundKernels) {
    this.#kernels = kernels;
    this.#state = kernels.doubles(NUMBERS);
    this.#state[GAIN] = 1;
    this.aim(null);
  }

  /** @param settings - null: it is to be open */
  aim(settings: GateSettings | null): void {
    if (settings === null) {
      this.#state[HELD] = 0;
      this.#state.set([Infinity, 1, RISE, 1, 0, RISE], SETTINGS);
      return;
    }
    const { thresholdDb, attackMs, holdMs, releaseMs, rangeDb } = settings;
    const [threshold, floor] = [10 ** (thresholdDb / 20), 10 ** (rangeDb / 20)];
    const closing = floor ** (1 / samplesOf(releaseMs));
    const opening = 1 / samplesOf(attackMs);
    const hold = samplesOf(holdMs);
    this.#state.set([threshold, floor, opening, closing, hold, RISE], SETTINGS);
  }

  get isIdle(): boolean {
    return this.#state[FLOOR] === 1 && this.#state[GAIN] === 1;
  }

  /** The lowest gain since the last reading, an amplitude. */
  readLowest(): number {
    const lowest = this.#lowest;
    this.#lowest = 1;
    return lowest;
  }

  settle(): void {
    this.#state[GAIN] = this.#state[FLOOR] ?? 1;
    this.#state[HELD] = 0;
  }

  step(): void {
    // Its gain never jumps, whatever its settings do.
  }

  run(samples: Floats, at: number, count: number): void {
    if (this.isIdle) return;
    const lowest = this.#kernels.gate(samples, at, count, this.#state);
    this.#lowest = Math.min(this.#lowest, lowest);
  }

  rest(): void {
    // Its numbers do not get small.
  }
}
