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

/** Two neighbours in a row as wide channels, left in the low half. */
// @ts-ignore: decorator
@inline
function pair(left: u32, right: u32): v128 {
  return wide(i64x2.replace_lane(i64x2.splat(0), 0, <u64>left | (<u64>right << 32)), true);
}

/** Two of four pixels, the first or the last, as channels of 16 bits that are 64 times as large. */
// @ts-ignore: decorator
@inline
function wide(pixels: v128, isLow: bool): v128 {
  return i16x8.shl(isLow ? i16x8.extend_low_i8x16_u(pixels) : i16x8.extend_high_i8x16_u(pixels), 6);
}

/** a + (b − a) · f / 32768, rounded, of channels. */
// @ts-ignore: decorator
@inline
function mixWide(a: v128, b: v128, f: v128): v128 {
  return i16x8.add(a, i16x8.q15mulr_sat_s(i16x8.sub(b, a), f));
}

/** Four pixels of wide channels. */
// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  const half = i16x8.splat(32);
  return i8x16.narrow_i16x8_u(
    i16x8.shr_u(i16x8.add(low, half), 6),
    i16x8.shr_u(i16x8.add(high, half), 6),
  );
}

// @ts-ignore: decorator
@inline
function clamp(value: i64, low: i64, high: i64): i32 {
  return <i32>min(max(value, low), high);
}

/** The bitmap at one place, wherever it lies. */
// @ts-ignore: decorator
@inline
export function placePixel(bitmap: usize, width: i32, height: i32, u: i64, v: i64): u32 {
  const x = <i32>(u >> 16);
  const y = <i32>(v >> 16);
  return mixFour(
    pair(texel(bitmap, width, height, x, y), texel(bitmap, width, height, x + 1, y)),
    pair(texel(bitmap, width, height, x, y + 1), texel(bitmap, width, height, x + 1, y + 1)),
    u,
    v,
  );
}

/** Two pairs mixed by the fractions of a place. */
// @ts-ignore: decorator
@inline
function mixFour(top: v128, bottom: v128, u: i64, v: i64): u32 {
  const column = mixWide(top, bottom, i16x8.splat(<i16>((v >> 1) & 0x7fff)));
  const right = i8x16.shuffle(column, column, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  const mixed = mixWide(column, right, i16x8.splat(<i16>((u >> 1) & 0x7fff)));
  return <u32>i32x4.extract_lane(narrow(mixed, mixed), 0);
}

/** The same of a part of the bitmap, whose edges go on for ever. */
export function placeWithin(bitmap: usize, width: i32, x0: i32, y0: i32, x1: i32, y1: i32, u: i64, v: i64): u32 {
  const left = clamp(u >> 16, x0, x1 - 1);
  const right = clamp((u >> 16) + 1, x0, x1 - 1);
  const top = bitmap + ((<usize>clamp(v >> 16, y0, y1 - 1) * <usize>width) << 2);
  const bottom = bitmap + ((<usize>clamp((v >> 16) + 1, y0, y1 - 1) * <usize>width) << 2);
  return mixFour(
    pair(load<u32>(top + (<usize>left << 2)), load<u32>(top + (<usize>right << 2))),
    pair(load<u32>(bottom + (<usize>left << 2)), load<u32>(bottom + (<usize>right << 2))),
    u,
    v,
  );
}

/** Fractions of four 16.16 places, as `mix` takes them, in 32-bit lanes. */
// @ts-ignore: decorator
@inline
export function fractions(places: v128): v128 {
  return v128.and(i32x4.shr_u(places, 1), i32x4.splat(0x7fff));
}

/** Those of the first two places, or of the last, for each of their channels. */
// @ts-ignore: decorator
@inline
function spread(f: v128, isLow: bool): v128 {
  return isLow
    ? i8x16.shuffle(f, f, 0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5)
    : i8x16.shuffle(f, f, 8, 9, 8, 9, 8, 9, 8, 9, 12, 13, 12, 13, 12, 13, 12, 13);
}

/** The first or the last two of four pixels, mixed by their fractions, as channels of 16 bits. */
// @ts-ignore: decorator
@inline
export function mixedPair(a: v128, b: v128, f: v128, isLow: bool): v128 {
  const from = isLow ? i16x8.extend_low_i8x16_u(a) : i16x8.extend_high_i8x16_u(a);
  const to = isLow ? i16x8.extend_low_i8x16_u(b) : i16x8.extend_high_i8x16_u(b);
  return i16x8.add(from, i16x8.q15mulr_sat_s(i16x8.sub(to, from), spread(f, isLow)));
}

/** Mixes four pixels, each with a fraction of its own. */
// @ts-ignore: decorator
@inline
function mixEach(a: v128, b: v128, f: v128): v128 {
  return mix(a, b, spread(f, true), spread(f, false));
}

/** The left ones of four pairs of pixels, two pairs to a vector. */
// @ts-ignore: decorator
@inline
export function lefts(ab: v128, cd: v128): v128 {
  return i8x16.shuffle(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}

// @ts-ignore: decorator
@inline
export function rights(ab: v128, cd: v128): v128 {
  return i8x16.shuffle(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}

/** Any affine transform: u and v are those of the first pixel, du and dv the steps to the next. */
export function affineRow(dst: usize, count: i32, bitmap: usize, width: i32, height: i32, u: i64, v: i64, du: i64, dv: i64): void {
  const stride = <usize>width << 2;
  // Pixels all of whose four neighbours lie in the bitmap need no looking after.
  let from = 0;
  let to = count;
  const lastU = u + du * <i64>(count - 1);
  const lastV = v + dv * <i64>(count - 1);
  const endU = (<i64>width - 1) << 16;
  const endV = (<i64>height - 1) << 16;
  if (min(u, lastU) < 0 || min(v, lastV) < 0 || max(u, lastU) >= endU || max(v, lastV) >= endV) {
    const inU = partWithin(count, u, du, 0, endU);
    const inV = partWithin(count, v, dv, 0, endV);
    from = max(<i32>(inU >>> 32), <i32>(inV >>> 32));
    to = max(from, min(<i32>inU, <i32>inV));
  }
  let i = 0;
  for (; i < from; i++) {
    store<u32>(dst + (<usize>i << 2), placePixel(bitmap, width, height, u + du * <i64>i, v + dv * <i64>i));
  }
  // Inside of a bitmap of at most 8192 pixels the places fit in 32 bits.
  const lanes = i32x4(0, 1, 2, 3);
  const stepU = <i32>du;
  const stepV = <i32>dv;
  let placeU = <i32>(u + du * <i64>i);
  let placeV = <i32>(v + dv * <i64>i);
  let us = i32x4.add(i32x4.splat(placeU), i32x4.mul(i32x4.splat(stepU), lanes));
  let vs = i32x4.add(i32x4.splat(placeV), i32x4.mul(i32x4.splat(stepV), lanes));
  const fourU = i32x4.splat(stepU << 2);
  const fourV = i32x4.splat(stepV << 2);
  for (; i + 4 <= to; i += 4) {
    // Addresses are reckoned apart from the vectors: taking lanes out of these is slower.
    const a = bitmap + <usize>(placeV >> 16) * stride + (<usize>(placeU >> 16) << 2);
    placeU += stepU;
    placeV += stepV;
    const b = bitmap + <usize>(placeV >> 16) * stride + (<usize>(placeU >> 16) << 2);
    placeU += stepU;
    placeV += stepV;
    const c = bitmap + <usize>(placeV >> 16) * stride + (<usize>(placeU >> 16) << 2);
    placeU += stepU;
    placeV += stepV;
    const d = bitmap + <usize>(placeV >> 16) * stride + (<usize>(placeU >> 16) << 2);
    placeU += stepU;
    placeV += stepV;
    const topAb = v128.load64_lane(b, v128.load64_zero(a), 1);
    const topCd = v128.load64_lane(d, v128.load64_zero(c), 1);
    const bottomAb = v128.load64_lane(b + stride, v128.load64_zero(a + stride), 1);
    const bottomCd = v128.load64_lane(d + stride, v128.load64_zero(c + stride), 1);
    const fv = fractions(vs);
    const fu = fractions(us);
    const topLeft = lefts(topAb, topCd);
    const topRight = rights(topAb, topCd);
    const bottomLeft = lefts(bottomAb, bottomCd);
    const bottomRight = rights(bottomAb, bottomCd);
    const fvLow = spread(fv, true);
    const fvHigh = spread(fv, false);
    const low = mixWide(
      mixWide(wide(topLeft, true), wide(bottomLeft, true), fvLow),
      mixWide(wide(topRight, true), wide(bottomRight, true), fvLow),
      spread(fu, true),
    );
    const high = mixWide(
      mixWide(wide(topLeft, false), wide(bottomLeft, false), fvHigh),
      mixWide(wide(topRight, false), wide(bottomRight, false), fvHigh),
      spread(fu, false),
    );
    v128.store(dst + (<usize>i << 2), narrow(low, high));
    us = i32x4.add(us, fourU);
    vs = i32x4.add(vs, fourV);
  }
  for (; i < count; i++) {
    store<u32>(dst + (<usize>i << 2), placePixel(bitmap, width, height, u + du * <i64>i, v + dv * <i64>i));
  }
}

/**
 * Part of one source row at height `v` between two bitmap rows, mixed by the fraction: pixels x0 to x1 (excluded)
 * of the bitmap, which may lie outside of it, go to `dst`.
 */
export function mixedSpan(dst: usize, bitmap: usize, width: i32, height: i32, v: i64, x0: i32, x1: i32): void {
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
  const fraction = i16x8.splat(<i16>((v >> 1) & 0x7fff));
  // Beyond the first and the last row there is nothing: that neighbour is transparent.
  const hasTop = i32x4.splat(y >= 0 ? -1 : 0);
  const hasBottom = i32x4.splat(y + 1 < height ? -1 : 0);
  let i = 0;
  for (; i + 4 <= inside; i += 4) {
    const at = <usize>i << 2;
    const above = v128.and(v128.load(top + at), hasTop);
    const below = v128.and(v128.load(bottom + at), hasBottom);
    v128.store(out + at, mix(above, below, fraction, fraction));
  }
  for (; i < inside; i++) {
    const at = <usize>i << 2;
    const above = v128.and(v128.load32_splat(top + at), hasTop);
    const below = v128.and(v128.load32_splat(bottom + at), hasBottom);
    v128.store32_lane(out + at, mix(above, below, fraction, fraction), 0);
  }
}

/** Moved by fractions of a pixel: one mix of two rows, then one of neighbours. `line` holds count + 1 pixels. */
export function movedRow(dst: usize, count: i32, bitmap: usize, width: i32, height: i32, u: i64, v: i64, line: usize): void {
  const x = <i32>clamp(u >> 16, -0x3fffffff, 0x3fffffff);
  if (((u >> 8) & 255) == 0) {
    mixedSpan(dst, bitmap, width, height, v, x, x + count);
    return;
  }
  mixedSpan(line, bitmap, width, height, v, x, x + count + 1);
  const fraction = i16x8.splat(<i16>((u >> 1) & 0x7f80));
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = line + (<usize>i << 2);
    v128.store(dst + (<usize>i << 2), mix(v128.load(at), v128.load(at + 4), fraction, fraction));
  }
  for (; i < count; i++) {
    const at = line + (<usize>i << 2);
    const mixed = mix(v128.load32_splat(at), v128.load32_splat(at + 4), fraction, fraction);
    v128.store32_lane(dst + (<usize>i << 2), mixed, 0);
  }
}

/**
 * Scaled, not turned: the two source rows are mixed once, then read at steps of du. All `count` pixels lie within
 * a pixel of the bitmap, as `insideOf` has cut them. `line` holds the source span.
 */
export function scaledRow(dst: usize, count: i32, bitmap: usize, width: i32, height: i32, u: i64, v: i64, du: i64, line: usize): void {
  const x0 = <i32>(u >> 16);
  const x1 = <i32>((u + du * <i64>(count - 1)) >> 16) + 2;
  mixedSpan(line, bitmap, width, height, v, x0, x1);
  // From here on places count from the beginning of the line, which is at most some thousand pixels long.
  steppedRow(dst, count, line, <i32>(u - (<i64>x0 << 16)), <i32>du);
}

/** Pixels of a line at 16.16 places from `start` on in steps of `step`, each mixed of two neighbours. */
export function steppedRow(dst: usize, count: i32, line: usize, start: i32, step: i32): void {
  let places = i32x4.add(i32x4.splat(start), i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3)));
  const four = i32x4.splat(step << 2);
  let place = start;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const a = line + (<usize>(place >> 16) << 2);
    place += step;
    const b = line + (<usize>(place >> 16) << 2);
    place += step;
    const c = line + (<usize>(place >> 16) << 2);
    place += step;
    const d = line + (<usize>(place >> 16) << 2);
    place += step;
    const ab = v128.load64_lane(b, v128.load64_zero(a), 1);
    const cd = v128.load64_lane(d, v128.load64_zero(c), 1);
    v128.store(dst + (<usize>i << 2), mixEach(lefts(ab, cd), rights(ab, cd), fractions(places)));
    places = i32x4.add(places, four);
  }
  for (; i < count; i++, place += step) {
    const one = v128.load64_zero(line + (<usize>(place >> 16) << 2));
    const mixed = mixEach(lefts(one, one), rights(one, one), fractions(i32x4.splat(place)));
    v128.store32_lane(dst + (<usize>i << 2), mixed, 0);
  }
}

/** The quotient rounded up; the divisor is positive. */
// @ts-ignore: decorator
@inline
function divideUp(a: i64, b: i64): i64 {
  const q = a / b;
  return q * b < a ? q + 1 : q;
}

/**
 * The part of a row of `count` pixels whose place u + i·du lies from `low` to `high`, the latter excluded: first
 * index in the upper half of the answer, the one after the last in the lower.
 */
export function partWithin(count: i32, u: i64, du: i64, low: i64, high: i64): u64 {
  let first: i64 = 0;
  let last: i64 = count;
  if (du > 0) {
    first = divideUp(low - u, du);
    last = divideUp(high - u, du);
  } else if (du < 0) {
    first = divideUp(u - high + 1, -du);
    last = divideUp(u - low + 1, -du);
  } else if (u < low || u >= high) {
    last = 0;
  }
  const from = max<i64>(0, min<i64>(count, first));
  const to = max<i64>(from, min<i64>(count, last));
  return ((<u64>from) << 32) | <u64>to;
}

/** The part of a row that a bitmap of `extent` pixels has a share in: up to a pixel outside of it. */
// @ts-ignore: decorator
@inline
export function insideOf(count: i32, u: i64, du: i64, extent: i32): u64 {
  return partWithin(count, u, du, -65536, <i64>extent << 16);
}
