import { clamp01, loadPixels, packPlanes, plane, rounded, storePixels, unpremultiplier } from './planes';

/** Coefficients of opaque pixels are held in 1/4096, so that those below 8 fit 16 bits. */
const FIXED_BITS: i32 = 12;
const FIXED_LIMIT: f32 = 7.99;

/** Coefficient `index` in fixed point. */
// @ts-ignore: decorator
@inline
function fixed(params: usize, index: usize): i32 {
  return <i32>nearest<f32>(load<f32>(params + (index << 2)) * <f32>(1 << FIXED_BITS));
}

/** Two coefficients of one row of the matrix in every 32-bit lane, as i32x4.dot_i16x8_s takes them. */
// @ts-ignore: decorator
@inline
function pairOf(low: i32, high: i32): v128 {
  return i32x4.splat((low & 0xffff) | (high << 16));
}

/** What alpha, which is 1, and the offset add to a channel of an opaque pixel, with half a step for rounding. */
// @ts-ignore: decorator
@inline
function constantOf(params: usize, row: usize): v128 {
  const sum = load<f32>(params + row, 12) + load<f32>(params + row, 16);
  return i32x4.splat(<i32>nearest<f32>(sum * <f32>(255 << FIXED_BITS)) + (1 << (FIXED_BITS - 1)));
}

/** One channel of four opaque pixels, not yet cut to 0..255. */
// @ts-ignore: decorator
@inline
function opaqueChannel(rb: v128, ga: v128, redBlue: v128, green: v128, constant: v128): v128 {
  const sum = i32x4.add(i32x4.dot_i16x8_s(rb, redBlue), i32x4.dot_i16x8_s(ga, green));
  return i32x4.shr_s(i32x4.add(sum, constant), FIXED_BITS);
}

/** One channel of four pixels, 0..1, by the row of the matrix at `row`. */
// @ts-ignore: decorator
@inline
function channel(r: v128, g: v128, b: v128, a: v128, row: usize): v128 {
  const red = f32x4.mul(r, v128.load32_splat(row));
  const green = f32x4.mul(g, v128.load32_splat(row + 4));
  const blue = f32x4.mul(b, v128.load32_splat(row + 8));
  const alpha = f32x4.mul(a, v128.load32_splat(row + 12));
  const sum = f32x4.add(f32x4.add(red, green), f32x4.add(blue, alpha));
  return clamp01(f32x4.add(sum, v128.load32_splat(row + 16)));
}

/** Any four pixels through the matrix at `params`. */
// @ts-ignore: decorator
@inline
function translucent(pixels: v128, params: usize): v128 {
  const alpha = plane(pixels, 24);
  const by = unpremultiplier(alpha);
  const r = f32x4.mul(plane(pixels, 0), by);
  const g = f32x4.mul(plane(pixels, 8), by);
  const b = f32x4.mul(plane(pixels, 16), by);
  const a = f32x4.mul(alpha, f32x4.splat(1.0 / 255.0));
  const weight = f32x4.mul(channel(r, g, b, a, params + 60), f32x4.splat(255));
  return packPlanes(
    rounded(f32x4.mul(channel(r, g, b, a, params), weight)),
    rounded(f32x4.mul(channel(r, g, b, a, params + 20), weight)),
    rounded(f32x4.mul(channel(r, g, b, a, params + 40), weight)),
    rounded(weight),
  );
}

/** Whether the first three rows of the matrix fit fixed point. */
function isFixed(params: usize): bool {
  for (let i: usize = 0; i < 15; i++) {
    if (!(abs(load<f32>(params + (i << 2))) < FIXED_LIMIT)) return false;
  }
  return true;
}

/** Whether the last row of the matrix leaves alpha as it is. */
function keepsAlpha(params: usize): bool {
  return (
    load<f32>(params, 60) == 0 &&
    load<f32>(params, 64) == 0 &&
    load<f32>(params, 68) == 0 &&
    load<f32>(params, 72) == 1 &&
    load<f32>(params, 76) == 0
  );
}

/**
 * Puts `count` premultiplied pixels at `ptr` through the 4 × 5 matrix at `params` (20 f32, PARAMS of KIND_MATRIX). It
 * is applied to the colour itself, and every channel is cut to 0..1 before it is premultiplied again.
 */
export function matrixPixels(ptr: usize, count: i32, params: usize): void {
  const keeps = keepsAlpha(params);
  applyMatrix(
    ptr,
    count,
    params,
    keeps,
    keeps && isFixed(params),
    pairOf(fixed(params, 0), fixed(params, 2)),
    pairOf(fixed(params, 1), 0),
    constantOf(params, 0),
    pairOf(fixed(params, 5), fixed(params, 7)),
    pairOf(fixed(params, 6), 0),
    constantOf(params, 20),
    pairOf(fixed(params, 10), fixed(params, 12)),
    pairOf(fixed(params, 11), 0),
    constantOf(params, 40),
  );
}

/**
 * The same with what opaque pixels need: for each channel the coefficients of red and blue, of green, and what is
 * added. A function of its own, because V8 reckons pure values where they are used, in the loop, unless they are
 * parameters: 6.6 ns a pixel instead of 0.7.
 */
function applyMatrix(
  ptr: usize,
  count: i32,
  params: usize,
  keeps: bool,
  isQuick: bool,
  redRb: v128,
  redG: v128,
  redC: v128,
  greenRb: v128,
  greenG: v128,
  greenC: v128,
  blueRb: v128,
  blueG: v128,
  blueC: v128,
): void {
  const bytes = i32x4.splat(0x00ff00ff);
  const opaque = i32x4.splat(255);
  const alphaMask = i32x4.splat(0xff000000);
  for (let i = 0; i < count; i += 4) {
    const at = ptr + (<usize>i << 2);
    const pixels = loadPixels(at, count - i);
    if (keeps && !v128.any_true(pixels)) continue;
    const isOpaque = i32x4.ge_u(pixels, alphaMask);
    let out: v128;
    // Opaque pixels that stay so need no floating point. Which way a pixel goes depends on itself alone.
    if (isQuick && v128.any_true(isOpaque)) {
      const rb = v128.and(pixels, bytes);
      const ga = i16x8.shr_u(pixels, 8);
      out = packPlanes(
        opaqueChannel(rb, ga, redRb, redG, redC),
        opaqueChannel(rb, ga, greenRb, greenG, greenC),
        opaqueChannel(rb, ga, blueRb, blueG, blueC),
        opaque,
      );
      if (!i32x4.all_true(isOpaque)) out = v128.bitselect(out, translucent(pixels, params), isOpaque);
    } else {
      out = translucent(pixels, params);
    }
    storePixels(at, out, count - i);
  }
}
