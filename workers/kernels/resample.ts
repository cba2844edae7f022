/**
 * Resamples pictures row by row, in a memory of its own: this module is one of decoder processes, which share nothing. Pixels
 * are four f32, colours premultiplied; whoever calls lays the memory out.
 */

const PIXEL_BYTES: usize = 16;

/** Four bytes at `ptr` as f32. */
// @ts-ignore: decorator
@inline
function loadPixel(ptr: usize): v128 {
  const words = i16x8.extend_low_i8x16_u(v128.load32_zero(ptr));
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words));
}

/** Reads a row of `width` pixels R G B A, not premultiplied, at `src` to `dst`. */
export function readRow(src: usize, width: i32, dst: usize): void {
  const end = src + ((<usize>width) << 2);
  while (src < end) {
    const pixel = loadPixel(src);
    const alpha = f32x4.extract_lane(pixel, 3);
    const scaled = f32x4.mul(pixel, f32x4.splat(alpha / 255));
    v128.store(dst, f32x4.replace_lane(scaled, 3, alpha));
    src += 4;
    dst += PIXEL_BYTES;
  }
}

/**
 * A row brought to `size` pixels: pixel i is made of `count` pixels of the row at `row`, from the i-th i32 at `first` on, with
 * the f32 weights from i * count on.
 */
export function resampleRow(
  row: usize,
  first: usize,
  weights: usize,
  count: i32,
  size: i32,
  dst: usize,
): void {
  for (let i = 0; i < size; i++) {
    let from = row + <usize>load<i32>(first + ((<usize>i) << 2)) * PIXEL_BYTES;
    let sum = f32x4.splat(0);
    for (let k = 0; k < count; k++) {
      const weight = v128.load32_splat(weights);
      sum = f32x4.add(sum, f32x4.mul(weight, v128.load(from)));
      weights += 4;
      from += PIXEL_BYTES;
    }
    v128.store(dst, sum);
    dst += PIXEL_BYTES;
  }
}

/**
 * Mixes `count` rows of `size` pixels and writes R G B A, premultiplied. The rows lie in a ring of `count` at `rows`, the
 * first at place `start`. No colour is larger than its alpha, which the lobes of the kernels would have it.
 */
export function mixRows(
  rows: usize,
  start: i32,
  weights: usize,
  count: i32,
  size: i32,
  dst: usize,
): void {
  const rowBytes = (<usize>size) * PIXEL_BYTES;
  const ringEnd = rows + rowBytes * count;
  const begin = rows + rowBytes * start;
  const zero = f32x4.splat(0);
  const full = f32x4.splat(255);
  for (let i = 0; i < size; i++) {
    const column = (<usize>i) * PIXEL_BYTES;
    let from = begin + column;
    let weight = weights;
    let sum = zero;
    for (let k = 0; k < count; k++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weight), v128.load(from)));
      weight += 4;
      from += rowBytes;
      if (from >= ringEnd) from = rows + column;
    }
    const bounded = f32x4.nearest(f32x4.min(full, f32x4.max(zero, sum)));
    const alpha = f32x4.splat(f32x4.extract_lane(bounded, 3));
    const words = i32x4.trunc_sat_f32x4_u(f32x4.min(bounded, alpha));
    const halves = i16x8.narrow_i32x4_u(words, words);
    v128.store32_lane(dst, i8x16.narrow_i16x8_u(halves, halves), 0);
    dst += 4;
  }
}
