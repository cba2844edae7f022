/**
 * Four pixels as one vector of f32 per channel: for arithmetic that bytes are too coarse for. Each pixel comes out the
 * same wherever it stands in its vector, so rows may be cut anywhere.
 */

/** Up to four pixels; those beyond `left` are none of ours and come as transparent. */
// @ts-ignore: decorator
@inline
export function loadPixels(at: usize, left: i32): v128 {
  if (left >= 4) return v128.load(at);
  let pixels = v128.load32_zero(at);
  if (left > 1) pixels = v128.load32_lane(at + 4, pixels, 1);
  if (left > 2) pixels = v128.load32_lane(at + 8, pixels, 2);
  return pixels;
}

/** Puts back what `loadPixels` gave. */
// @ts-ignore: decorator
@inline
export function storePixels(at: usize, pixels: v128, left: i32): void {
  if (left >= 4) {
    v128.store(at, pixels);
    return;
  }
  v128.store32_lane(at, pixels, 0);
  if (left > 1) v128.store32_lane(at + 4, pixels, 1);
  if (left > 2) v128.store32_lane(at + 8, pixels, 2);
}

/** One channel, 0..255; `shift` is 0 for red, 8 for green, 16 for blue, 24 for alpha. */
// @ts-ignore: decorator
@inline
export function plane(pixels: v128, shift: i32): v128 {
  return f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(pixels, shift), i32x4.splat(255)));
}

/** What the channels of a premultiplied colour are multiplied by to be its own, 0..1; 0 where there is no colour. */
// @ts-ignore: decorator
@inline
export function unpremultiplier(alpha: v128): v128 {
  return v128.and(f32x4.div(f32x4.splat(1), alpha), f32x4.gt(alpha, f32x4.splat(0)));
}

/** Cut to 0..1. */
// @ts-ignore: decorator
@inline
export function clamp01(value: v128): v128 {
  return f32x4.pmin(f32x4.splat(1), f32x4.pmax(f32x4.splat(0), value));
}

/** 2^23: to f32, what is added to it is an integer in the lowest bits. */
const ROUNDING: f32 = 8388608;

/** Values 0..255 rounded to integers in 32-bit lanes. A tenth of the instructions of a conversion. */
// @ts-ignore: decorator
@inline
export function rounded(value: v128): v128 {
  return v128.and(f32x4.add(value, f32x4.splat(ROUNDING)), i32x4.splat(0x7fffff));
}

/** Four pixels from integers 0..255 in 32-bit lanes. */
// @ts-ignore: decorator
@inline
export function packPlanes(r: v128, g: v128, b: v128, a: v128): v128 {
  const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(r, g), i16x8.narrow_i32x4_s(b, a));
  return i8x16.shuffle(bytes, bytes, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}
