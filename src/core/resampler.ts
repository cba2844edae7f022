/** Samples at places between others, for any ratio of rates, which may change from sample to sample without a click. */

/** Samples on which each one depends, half of them on either side. */
export const RESAMPLER_TAPS = 32;
/** Places between two samples for which the filter is worked out; in between it follows a straight line. */
const PHASES = 256;
/** Of the Kaiser window: some 80 dB below what passes. */
const BETA = 8;
/** Of the band of the input that passes: what is above falls off before its mirror images begin. */
const PASS = 0.93;

/** The modified Bessel function of the first kind of order 0, by its series. */
function bessel0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Row by phase, 0 to `PHASES` inclusive: the weights of the taps. */
function makeTable(): Float32Array {
  const table = new Float32Array((PHASES + 1) * RESAMPLER_TAPS);
  for (let phase = 0; phase <= PHASES; phase++) {
    let total = 0;
    const row = table.subarray(phase * RESAMPLER_TAPS, (phase + 1) * RESAMPLER_TAPS);
    for (let tap = 0; tap < RESAMPLER_TAPS; tap++) {
      const x = tap - (RESAMPLER_TAPS / 2 - 1) - phase / PHASES;
      const place = x / (RESAMPLER_TAPS / 2);
      const window =
        Math.abs(place) > 1 ? 0 : bessel0(BETA * Math.sqrt(1 - place * place)) / bessel0(BETA);
      const angle = Math.PI * PASS * x;
      row[tap] = window * (x === 0 ? PASS : (PASS * Math.sin(angle)) / angle);
      total += row[tap] ?? 0;
    }
    // What does not change comes out as it went in, whatever the phase.
    for (let tap = 0; tap < RESAMPLER_TAPS; tap++) row[tap] = (row[tap] ?? 0) / total;
  }
  return table;
}

const TABLE = makeTable();

/** Finds what a signal is between its samples. Owns its scratch; one for each signal. */
export class Resampler {
  readonly #weights = new Float32Array(RESAMPLER_TAPS);

  /** Turns to a place between two samples, 0 to 1. */
  turnTo(fraction: number): void {
    const exact = fraction * PHASES;
    const phase = Math.floor(exact);
    const rest = exact - phase;
    const row = phase * RESAMPLER_TAPS;
    for (let tap = 0; tap < RESAMPLER_TAPS; tap++) {
      const weight = TABLE[row + tap] ?? 0;
      const next = TABLE[row + RESAMPLER_TAPS + tap] ?? weight;
      this.#weights[tap] = weight + rest * (next - weight);
    }
  }

  /**
   * The signal at that place. @param ring - of a power of two of samples, `stride` apart
   * @param first - number of the first sample that it depends on, `RESAMPLER_TAPS / 2 - 1` before the place
   */
  at(ring: Float32Array, first: number, offset: number, stride: number): number {
    const mask = ring.length / stride - 1;
    let sum = 0;
    for (let tap = 0; tap < RESAMPLER_TAPS; tap++)
      sum += (this.#weights[tap] ?? 0) * (ring[((first + tap) & mask) * stride + offset] ?? 0);
    return sum;
  }
}
