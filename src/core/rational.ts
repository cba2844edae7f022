/** A frame rate as an exact fraction of frames per second, such as 60/1 or 30000/1001. */
export type FrameRate = { readonly num: number; readonly den: number };

/** Frames per second as a number: for display and for sizes, never for timestamps. */
export function toFps(rate: FrameRate): number {
  return rate.num / rate.den;
}

/**
 * Media time of frame `n` in milliseconds, computed from `n` alone so that it never drifts.
 * Exact to below a nanosecond for `n` up to 2^40.
 */
export function frameTimeMs(n: number, rate: FrameRate): number {
  return (n * rate.den * 1000) / rate.num;
}

/** Media time of frame `n` in whole nanoseconds, rounded to nearest. */
export function frameTimeNs(n: number, rate: FrameRate): bigint {
  const num = BigInt(rate.num);
  return (BigInt(n) * BigInt(rate.den) * 2_000_000_000n + num) / (2n * num);
}

/** `60`, `59.94` or `30000/1001` as text. */
export function formatFrameRate(rate: FrameRate): string {
  return rate.den === 1 ? String(rate.num) : `${rate.num}/${rate.den}`;
}
