import { alphas, div255 } from './pixels';

/**
 * Pixels of a picture that a program sends, four bytes each, to premultiplied RGBA in place. The kernel has a memory of its own:
 * pictures go through it in parts.
 */

/** Where the pixels are put, behind what the compiler has put there. */
const PIXELS: usize = 65_536;

/** Pixels that there is room for. */
const MOST: i32 = 65_536;

/** Colours times alpha; alpha stays. Exact to the nearest. */
// @ts-ignore: decorator
@inline
function premultiplied(pixels: v128): v128 {
  // Alpha is multiplied by 255, which leaves it as it is.
  const factors = v128.or(alphas(pixels), i32x4.splat(<i32>0xff000000));
  const low = i16x8.mul(i16x8.extend_low_i8x16_u(pixels), i16x8.extend_low_i8x16_u(factors));
  const high = i16x8.mul(i16x8.extend_high_i8x16_u(pixels), i16x8.extend_high_i8x16_u(factors));
  return i8x16.narrow_i16x8_u(div255(low), div255(high));
}

// @ts-ignore: decorator
@inline
function swapped(pixels: v128): v128 {
  return i8x16.shuffle(pixels, pixels, 2, 1, 0, 3, 6, 5, 4, 7, 10, 9, 8, 11, 14, 13, 12, 15);
}

/** A colour is never more than its alpha. */
// @ts-ignore: decorator
@inline
function bounded(pixels: v128): v128 {
  return i8x16.min_u(pixels, alphas(pixels));
}

/** Where pixels are to be put, and how many at the most. */
export function pushedPlace(): i32 {
  return <i32>PIXELS;
}

export function pushedMost(): i32 {
  return MOST;
}

/**
 * Makes `count` pixels premultiplied RGBA.
 * @param isBgra - 1: blue comes first
 * @param alpha - 0: straight; 1: premultiplied already; 2: there is none, the fourth byte is anything
 */
export function pushedPixels(count: i32, isBgra: i32, alpha: i32): void {
  const end = PIXELS + (<usize>count << 2);
  for (let at = PIXELS; at < end; at += 16) {
    let pixels = v128.load(at);
    if (isBgra != 0) pixels = swapped(pixels);
    if (alpha == 0) pixels = premultiplied(pixels);
    else if (alpha == 1) pixels = bounded(pixels);
    else pixels = v128.or(pixels, i32x4.splat(<i32>0xff000000));
    v128.store(at, pixels);
  }
}
