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

/**
 * a + (b − a) · f / 256, rounded, for four pixels. The fractions are given as f · 128, 0..32640, in 16-bit lanes: `low`
 * for the first two pixels, `high` for the others. The instruction rounds (b − a) · f · 128 / 32768, which is just it.
 */
// @ts-ignore: decorator
@inline
export function mix(a: v128, b: v128, low: v128, high: v128): v128 {
  const a0 = i16x8.extend_low_i8x16_u(a);
  const a1 = i16x8.extend_high_i8x16_u(a);
  return i8x16.narrow_i16x8_u(
    i16x8.add(a0, i16x8.q15mulr_sat_s(i16x8.sub(i16x8.extend_low_i8x16_u(b), a0), low)),
    i16x8.add(a1, i16x8.q15mulr_sat_s(i16x8.sub(i16x8.extend_high_i8x16_u(b), a1), high)),
  );
}

/**
 * Looks at the `height` rows of `width` pixels at `ptr`: leaves behind the last pixel, for every row, where its first
 * pixel that is not transparent is and the one after its last, as two 16-bit numbers (both 0 for an empty row).
 * Answers 1 when every pixel is opaque.
 */
export function measureRows(ptr: usize, width: i32, height: i32): i32 {
  let all: u32 = 0xffffffff;
  let row = ptr;
  let span = ptr + ((<usize>width * <usize>height) << 2);
  for (let y = 0; y < height; y++) {
    let first = 0;
    while (first < width && load<u32>(row + (<usize>first << 2)) == 0) first++;
    let last = width;
    while (last > first && load<u32>(row + (<usize>(last - 1) << 2)) == 0) last--;
    store<u16>(span, first < last ? first : 0);
    store<u16>(span, first < last ? last : 0, 2);
    if (last - first < width) all = 0;
    for (let x = 0; x < width && all >= 0xff000000; x++) all &= load<u32>(row + (<usize>x << 2));
    row += <usize>width << 2;
    span += 4;
  }
  return i32(all >= 0xff000000);
}
