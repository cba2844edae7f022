import { MASK_LUMA } from '../../src/memory/records';
import { alphas, div255 } from './pixels';
import { clamp01, loadPixels, plane, rounded, storePixels } from './planes';

/** What a pixel is multiplied by is rounded to a byte: then all of it is 255, and the product is rounded once more. */

/** The lowest byte of each 32-bit lane in all four of its bytes. */
// @ts-ignore: decorator
@inline
export function spreadBytes(lanes: v128): v128 {
  return i8x16.shuffle(lanes, lanes, 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12);
}

/** Four pixels times bytes / 255. */
// @ts-ignore: decorator
@inline
export function modulate(pixels: v128, by: v128): v128 {
  const low = i16x8.mul(i16x8.extend_low_i8x16_u(pixels), i16x8.extend_low_i8x16_u(by));
  const high = i16x8.mul(i16x8.extend_high_i8x16_u(pixels), i16x8.extend_high_i8x16_u(by));
  return i8x16.narrow_i16x8_u(div255(low), div255(high));
}

/** Multiplies a row by gain · v + bias, v of the row of a mask at `src`: its alpha or luma, MASK_ of the records. */
export function maskRow(dst: usize, src: usize, count: i32, variant: i32, gain: f32, bias: f32): void {
  const isInverted = gain == -1 && bias == 1;
  if (variant == MASK_LUMA || !(isInverted || (gain == 1 && bias == 0))) {
    applyMask(dst, src, count, variant, f32x4.splat(gain / 255), f32x4.splat(bias));
    return;
  }
  // Straight and inverted alpha are bytes already.
  const flip = i8x16.splat(isInverted ? -1 : 0);
  for (let i = 0; i < count; i += 4) {
    const at = dst + (<usize>i << 2);
    const below = loadPixels(at, count - i);
    const m = v128.xor(alphas(loadPixels(src + (<usize>i << 2), count - i)), flip);
    if (i8x16.all_true(i8x16.eq(m, i8x16.splat(-1)))) continue;
    storePixels(at, modulate(below, m), count - i);
  }
}

/** Any other mask, with gain / 255 and bias: see applyMatrix. */
function applyMask(dst: usize, src: usize, count: i32, variant: i32, gain: v128, bias: v128): void {
  const full = f32x4.splat(255);
  const ones = i32x4.splat(-1);
  for (let i = 0; i < count; i += 4) {
    const at = dst + (<usize>i << 2);
    const below = loadPixels(at, count - i);
    if (!v128.any_true(below)) continue;
    const mask = loadPixels(src + (<usize>i << 2), count - i);
    const v = variant == MASK_LUMA ? lumaOf(mask) : plane(mask, 24);
    const m = spreadBytes(rounded(f32x4.mul(clamp01(f32x4.add(f32x4.mul(v, gain), bias)), full)));
    if (i32x4.all_true(i32x4.eq(m, ones))) continue;
    storePixels(at, modulate(below, m), count - i);
  }
}

/** Luma of four pixels, 0..255, by ITU-R BT.709. */
// @ts-ignore: decorator
@inline
function lumaOf(pixels: v128): v128 {
  const r = f32x4.mul(plane(pixels, 0), f32x4.splat(0.2126));
  const g = f32x4.mul(plane(pixels, 8), f32x4.splat(0.7152));
  const b = f32x4.mul(plane(pixels, 16), f32x4.splat(0.0722));
  return f32x4.add(f32x4.add(r, g), b);
}

/** The same where the mask is transparent black. */
export function unmaskedRow(dst: usize, count: i32, bias: f32): void {
  const m = <i32>(max<f32>(0, min<f32>(1, bias)) * 255 + 0.5);
  if (m == 255) return;
  if (m == 0) {
    memory.fill(dst, 0, <usize>count << 2);
    return;
  }
  const by = i8x16.splat(<i8>m);
  for (let i = 0; i < count; i += 4) {
    const at = dst + (<usize>i << 2);
    storePixels(at, modulate(loadPixels(at, count - i), by), count - i);
  }
}
