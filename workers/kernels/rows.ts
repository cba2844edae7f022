import { mix } from './pixels';

/**
 * Rows of a bitmap as they stand in the program: each function fills `count` pixels at `dst` for one program row.
 * Positions are 16.16 fixed point, computed from the program pixel and never added up over tiles, so that a
 * picture does not depend on how the frame was cut into tiles. What lies outside the bitmap is transparent.
 */

/** The pixel at a whole place, or transparent black. */
// @ts-ignore: decorator
@inline
function texel(bitmap: usize, width: i32, height: i32, x: i32, y: i32): u32 {
  if (<u32>x >= <u32>width || <u32>y >= <u32>height) return 0;
  return load<u32>(bitmap + ((<usize>y * <usize>width + <usize>x) << 2));
}

/** Two neighbours in a row as 16-bit channels, left in the low half. */
// @ts-ignore: decorator
@inline
function pair(left: u32, right: u32): v128 {
  return i16x8.extend_low_i8x16_u(i64x2.replace_lane(i64x2.splat(0), 0, <u64>left | (<u64>right << 32)));
}

/** Bilinear weight of a row of two pairs; fu and fv are 0..255. */
// @ts-ignore: decorator
@inline
function bilinear(top: v128, bottom: v128, fu: i32, fv: i32): u32 {
  const half = i16x8.splat(128);
  const column = i16x8.shr_u(
    i16x8.add(
      i16x8.add(i16x8.mul(top, i16x8.splat(<i16>(256 - fv))), i16x8.mul(bottom, i16x8.splat(<i16>fv))),
      half,
    ),
    8,
  );
  return lerpPair(column, fu);
}

/** The two halves of a pair mixed by fu, 0..255. */
// @ts-ignore: decorator
@inline
function lerpPair(column: v128, fu: i32): u32 {
  const weights = i64x2.replace_lane(
    i64x2.splat(<i64>(256 - fu) * 0x0001000100010001),
    1,
    <i64>fu * 0x0001000100010001,
  );
  const weighted = i16x8.mul(column, weights);
  const sum = i16x8.add(weighted, i8x16.shuffle(weighted, weighted, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
  const rounded = i16x8.shr_u(i16x8.add(sum, i16x8.splat(128)), 8);
  return <u32>i32x4.extract_lane(i8x16.narrow_i16x8_u(rounded, rounded), 0);
}

// @ts-ignore: decorator
@inline
function clamp(value: i64, low: i64, high: i64): i32 {
  return <i32>min(max(value, low), high);
}

/** Any affine transform: u and v are those of the first pixel, du and dv the steps to the next. */
export function affineRow(dst: usize, count: i32, bitmap: usize, width: i32, height: i32, u: i64, v: i64, du: i64, dv: i64): void {
  const stride = <usize>width << 2;
  for (let i = 0; i < count; i++) {
    const x = <i32>(u >> 16);
    const y = <i32>(v >> 16);
    let color: u32 = 0;
    if (<u32>x < <u32>(width - 1) && <u32>y < <u32>(height - 1)) {
      const at = bitmap + <usize>y * stride + (<usize>x << 2);
      color = bilinear(
        i16x8.extend_low_i8x16_u(v128.load64_zero(at)),
        i16x8.extend_low_i8x16_u(v128.load64_zero(at + stride)),
        <i32>((u >> 8) & 255),
        <i32>((v >> 8) & 255),
      );
    } else if (x >= -1 && y >= -1 && x < width && y < height) {
      color = bilinear(
        pair(texel(bitmap, width, height, x, y), texel(bitmap, width, height, x + 1, y)),
        pair(texel(bitmap, width, height, x, y + 1), texel(bitmap, width, height, x + 1, y + 1)),
        <i32>((u >> 8) & 255),
        <i32>((v >> 8) & 255),
      );
    }
    store<u32>(dst + (<usize>i << 2), color);
    u += du;
    v += dv;
  }
}

/**
 * Part of one source row at height `v` between two bitmap rows, mixed by the fraction: pixels x0 to x1 (excluded)
 * of the bitmap, which may lie outside of it, go to `dst`.
 */
function mixedSpan(dst: usize, bitmap: usize, width: i32, height: i32, v: i64, x0: i32, x1: i32): void {
  const y = v >> 16;
  const count = x1 - x0;
  const first = max(x0, 0);
  const last = min(x1, width);
  if (y < -1 || y >= height || first >= last) {
    memory.fill(dst, 0, <usize>count << 2);
    return;
  }
  if (first > x0) memory.fill(dst, 0, <usize>(first - x0) << 2);
  if (x1 > last) memory.fill(dst + (<usize>(last - x0) << 2), 0, <usize>(x1 - last) << 2);
  const stride = <usize>width << 2;
  const out = dst + (<usize>(first - x0) << 2);
  const inside = last - first;
  const top = bitmap + <usize>clamp(y, 0, height - 1) * stride + (<usize>first << 2);
  const bottom = bitmap + <usize>clamp(y + 1, 0, height - 1) * stride + (<usize>first << 2);
  // Beyond the first and the last row there is nothing: that neighbour takes part with weight zero.
  const fraction = <i16>((v >> 8) & 255);
  const weight = i16x8.splat(y + 1 < height ? fraction : 0);
  const rest = i16x8.splat(y >= 0 ? 256 - fraction : 0);
  let i = 0;
  for (; i + 4 <= inside; i += 4) {
    const at = <usize>i << 2;
    v128.store(out + at, mix(v128.load(top + at), v128.load(bottom + at), rest, weight));
  }
  for (; i < inside; i++) {
    const at = <usize>i << 2;
    v128.store32_lane(out + at, mix(v128.load32_splat(top + at), v128.load32_splat(bottom + at), rest, weight), 0);
  }
}

/** Moved by fractions of a pixel: one mix of two rows, then one of neighbours. `line` holds count + 1 pixels. */
export function movedRow(dst: usize, count: i32, bitmap: usize, width: i32, height: i32, u: i64, v: i64, line: usize): void {
  const x = <i32>clamp(u >> 16, -0x3fffffff, 0x3fffffff);
  const fraction = <i16>((u >> 8) & 255);
  if (fraction == 0) {
    mixedSpan(dst, bitmap, width, height, v, x, x + count);
    return;
  }
  mixedSpan(line, bitmap, width, height, v, x, x + count + 1);
  const weight = i16x8.splat(fraction);
  const rest = i16x8.splat(256 - fraction);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = line + (<usize>i << 2);
    v128.store(dst + (<usize>i << 2), mix(v128.load(at), v128.load(at + 4), rest, weight));
  }
  for (; i < count; i++) {
    const at = line + (<usize>i << 2);
    v128.store32_lane(dst + (<usize>i << 2), mix(v128.load32_splat(at), v128.load32_splat(at + 4), rest, weight), 0);
  }
}

/** Scaled, not turned: the two source rows are mixed once, then read at steps of du. `line` holds the source span. */
export function scaledRow(dst: usize, count: i32, bitmap: usize, width: i32, height: i32, u: i64, v: i64, du: i64, line: usize): void {
  const last = u + du * <i64>(count - 1);
  const x0 = clamp(min(u, last) >> 16, -2, width);
  const x1 = clamp((max(u, last) >> 16) + 2, -1, <i64>width + 2);
  if (x1 <= x0) {
    memory.fill(dst, 0, <usize>count << 2);
    return;
  }
  mixedSpan(line, bitmap, width, height, v, x0, x1);
  for (let i = 0; i < count; i++) {
    const x = u >> 16;
    let color: u32 = 0;
    if (x >= -1 && x < width) {
      const at = line + (<usize>(<i32>x - x0) << 2);
      color = lerpPair(i16x8.extend_low_i8x16_u(v128.load64_zero(at)), <i32>((u >> 8) & 255));
    }
    store<u32>(dst + (<usize>i << 2), color);
    u += du;
  }
}
