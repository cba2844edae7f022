import { SAMPLE_RATE_HZ } from '../core/media-clock.js';

/**
 * The coefficients of filters of second order. Their responses are those of R. Bristow-Johnson's "Audio EQ Cookbook" (shelves
 * with the slope S = 1); the filters are state-variable ones, after A. Simper, "Solving the continuous SVF equations using
 * trapezoidal integration and equivalent currents" (2013), which do not click while their settings move.
 */

/** Of the matrices that the kernel `filter` takes. */
export type Coefficients = {
  readonly a11: number;
  readonly a12: number;
  readonly a21: number;
  readonly a22: number;
  readonly b1: number;
  readonly b2: number;
  readonly c1: number;
  readonly c2: number;
  readonly d: number;
};

/** The Q of filters without a peak (Butterworth). */
const FLAT_Q = Math.SQRT1_2;

/** @param amount - of high-passes the share of what is filtered, of the others the gain in dB; with 0 nothing is changed */
export type FilterDesign = (frequencyHz: number, amount: number, q: number) => Coefficients;

function warped(frequencyHz: number): number {
  return Math.tan((Math.PI * frequencyHz) / SAMPLE_RATE_HZ);
}

/** @param g - the warped frequency @param k - 1 / Q @param mix - of the input, the band-pass and the low-pass */
function coefficientsOf(
  g: number,
  k: number,
  mix: readonly [input: number, band: number, low: number],
): Coefficients {
  const a1 = 1 / (1 + g * (g + k));
  const a2 = g * a1;
  const a3 = g * a2;
  const [input, band, low] = mix;
  return {
    a11: 2 * a1 - 1,
    a12: -2 * a2,
    a21: 2 * a2,
    a22: 1 - 2 * a3,
    b1: 2 * a2,
    b2: 2 * a3,
    c1: band * a1 + low * a2,
    c2: low * (1 - a3) - band * a2,
    d: input + band * a2 + low * a3,
  };
}

/** 12 dB per octave (Butterworth); the share of it that is in effect goes from 0 to 1. */
export const highPass: FilterDesign = (frequencyHz, amount) => {
  const k = 1 / FLAT_Q;
  return coefficientsOf(warped(frequencyHz), k, [1, -k * amount, -amount]);
};

export const lowShelf: FilterDesign = (frequencyHz, gainDb) => {
  const a = 10 ** (gainDb / 40);
  const k = 1 / FLAT_Q;
  return coefficientsOf(warped(frequencyHz) / Math.sqrt(a), k, [1, k * (a - 1), a * a - 1]);
};

export const peak: FilterDesign = (frequencyHz, gainDb, q) => {
  const a = 10 ** (gainDb / 40);
  const k = 1 / (q * a);
  return coefficientsOf(warped(frequencyHz), k, [1, k * (a * a - 1), 0]);
};

export const highShelf: FilterDesign = (frequencyHz, gainDb) => {
  const a = 10 ** (gainDb / 40);
  const k = 1 / FLAT_Q;
  const mix = [a * a, k * (1 - a) * a, 1 - a * a] as const;
  return coefficientsOf(warped(frequencyHz) * Math.sqrt(a), k, mix);
};
