/**
 * Arithmetic on premultiplied RGBA, four pixels to a vector. Every division by 255 is exact to the nearest
 * integer: (t + (t >> 8)) >> 8 with t = x + 128 holds for all x in 0..65025.
 */

/** x / 255, rounded, in eight 16-bit lanes. */
// @ts-ignore: decorator
@inline
export function div255(x: v128): v128 {
  const t = i16x8.add(x, i16x8.splat(128));
  return i16x8.shr_u(i16x8.add(t, i16x8.shr_u(t, 8)), 8);
}

/** The alpha of each of four pixels in all four of its bytes. */
// @ts-ignore: decorator
@inline
export function alphas(src: v128): v128 {
  return i8x16.shuffle(src, src, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
}

/** src over dst. */
// @ts-ignore: decorator
@inline
export function over(src: v128, dst: v128): v128 {
  const rest = v128.not(alphas(src));
  const low = div255(i16x8.mul(i16x8.extend_low_i8x16_u(dst), i16x8.extend_low_i8x16_u(rest)));
  const high = div255(i16x8.mul(i16x8.extend_high_i8x16_u(dst), i16x8.extend_high_i8x16_u(rest)));
  return i8x16.add_sat_u(src, i8x16.narrow_i16x8_u(low, high));
}

/** All channels times `weight` / 256, weight 0..256 in every lane. */
// @ts-ignore: decorator
@inline
export function fade(src: v128, weight: v128): v128 {
  const half = i16x8.splat(128);
  const low = i16x8.shr_u(i16x8.add(i16x8.mul(i16x8.extend_low_i8x16_u(src), weight), half), 8);
  const high = i16x8.shr_u(i16x8.add(i16x8.mul(i16x8.extend_high_i8x16_u(src), weight), half), 8);
  return i8x16.narrow_i16x8_u(low, high);
}

/** a + (b − a) · weight / 256; `rest` is 256 − weight. */
// @ts-ignore: decorator
@inline
export function mix(a: v128, b: v128, rest: v128, weight: v128): v128 {
  const half = i16x8.splat(128);
  const low = i16x8.add(
    i16x8.mul(i16x8.extend_low_i8x16_u(a), rest),
    i16x8.mul(i16x8.extend_low_i8x16_u(b), weight),
  );
  const high = i16x8.add(
    i16x8.mul(i16x8.extend_high_i8x16_u(a), rest),
    i16x8.mul(i16x8.extend_high_i8x16_u(b), weight),
  );
  return i8x16.narrow_i16x8_u(
    i16x8.shr_u(i16x8.add(low, half), 8),
    i16x8.shr_u(i16x8.add(high, half), 8),
  );
}

/** Whether all of `count` pixels at `ptr` are opaque. */
export function isOpaque(ptr: usize, count: i32): i32 {
  const vectors = count >> 2;
  let all = i8x16.splat(-1);
  for (let i = 0; i < vectors; i++) all = v128.and(all, v128.load(ptr + (<usize>i << 4)));
  let alpha = i32x4.extract_lane(all, 0) & i32x4.extract_lane(all, 1);
  alpha &= i32x4.extract_lane(all, 2) & i32x4.extract_lane(all, 3);
  for (let i = vectors << 2; i < count; i++) alpha &= load<i32>(ptr + (<usize>i << 2));
  return i32(alpha >>> 24 == 255);
}
