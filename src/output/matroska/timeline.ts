import type { FrameRate } from '../../core/rational.js';
import { AUDIO_RATE_HZ } from './header.js';

/**
 * `n` frames counted in units of 1/`unitsPerSecond`, not yet rounded. Whole periods of the rate are split off
 * first, so that every product stays below 2^53 and the result does not drift, however large `n` is.
 */
function scaled(
  n: number,
  rate: FrameRate,
  unitsPerSecond: number,
): { whole: number; rest: number } {
  const periods = Math.floor(n / rate.num);
  const rest = n - periods * rate.num;
  return {
    whole: periods * rate.den * unitsPerSecond,
    rest: (rest * rate.den * unitsPerSecond) / rate.num,
  };
}

/** Media time of frame `n` in whole microseconds, rounded to nearest. */
export function frameTimeUs(n: number, rate: FrameRate): number {
  const { whole, rest } = scaled(n, rate, 1_000_000);
  return whole + Math.round(rest);
}

/** Index of the first audio sample of frame `n`: frame `n` has the samples from here to that of `n + 1`. */
export function firstSample(n: number, rate: FrameRate): number {
  const { whole, rest } = scaled(n, rate, AUDIO_RATE_HZ);
  return whole + Math.floor(rest);
}

/** Media time of an audio sample in whole microseconds, rounded to nearest. */
export function sampleTimeUs(sample: number): number {
  const seconds = Math.floor(sample / AUDIO_RATE_HZ);
  return (
    seconds * 1_000_000 +
    Math.round(((sample - seconds * AUDIO_RATE_HZ) * 1_000_000) / AUDIO_RATE_HZ)
  );
}
