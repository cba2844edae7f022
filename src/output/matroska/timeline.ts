import type { FrameRate } from '../../core/rational.js';
import { SAMPLE_RATE_HZ } from '../../core/media-clock.js';

/**
 * Media time of frame `n` in whole microseconds, rounded to nearest. Whole periods of the rate are split off first, so
 * that every product stays below 2^53 and the result does not drift, however large `n` is.
 */
export function frameTimeUs(n: number, { num, den }: FrameRate): number {
  const periods = Math.floor(n / num);
  const rest = n - periods * num;
  return periods * den * 1_000_000 + Math.round((rest * den * 1_000_000) / num);
}

/** Media time of an audio sample in whole microseconds, rounded to nearest. */
export function sampleTimeUs(sample: number): number {
  const seconds = Math.floor(sample / SAMPLE_RATE_HZ);
  return (
    seconds * 1_000_000 +
    Math.round(((sample - seconds * SAMPLE_RATE_HZ) * 1_000_000) / SAMPLE_RATE_HZ)
  );
}
