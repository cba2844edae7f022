import { MASK_LUMA } from '../../src/memory/records';
import { loadPixels, clamp01, plane, rounded, storePixels } from './planes';
import { div255 } from './pixels';

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
  // Straight and inverted alpha are bytes already.
  const flip = gain == -1 && bias == 1 ? i32x4.splat(-1) : i32x4.splat(0);
  const isPlain = variant != MASK_LUMA && ((gain == 1 && bias == 0) || (gain == -1 && bias == 1));
  const gains = f32x4.splat(gain / 255);
  const biases = f32x4.splat(bias);
  const full = f32x4.splat(255);
  const ones = i32x4.splat(-1);
  for (let i = 0; i < count; i += 4) {
    const at = dst + (<usize>i << 2);
    const below = loadPixels(at, count - i);
    if (!v128.any_true(below)) continue;
    const mask = loadPixels(src + (<usize>i << 2), count - i);
    let m: v128;
    if (isPlain) {
      m = v128.xor(i32x4.shr_u(mask, 24), flip);
    } else {
      const v = variant == MASK_LUMA ? lumaOf(mask) : plane(mask, 24);
      m = rounded(f32x4.mul(clamp01(f32x4.add(f32x4.mul(v, gains), biases)), full));
    }
    m = spreadBytes(m);
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
