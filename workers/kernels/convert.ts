/**
 * RGBA to I420, BT.709 limited range (ITU-R BT.709-6, section 3): Y = 16 + 219·(0.2126 R + 0.7152 G + 0.0722 B),
 * Cb and Cr = 128 + 224·(…), each of R, G, B in 0..1. Coefficients are in 1/32768 of a byte step; the rows of a
 * matrix sum up so that black is 16, white 235, and every grey has chroma 128.
 */
const Y_R: i32 = 5983; // 0.2126 · 219/255 · 32768
const Y_G: i32 = 20127; // 0.7152 · 219/255 · 32768
const Y_B: i32 = 2032; // 0.0722 · 219/255 · 32768
const Y_A: i32 = 2120; // (16 + 1/2) / 255 · 32768, for an alpha of 255
const U_R: i32 = -3298; // −0.2126 / 1.8556 · 224/255 · 32768
const U_G: i32 = -11094; // −0.7152 / 1.8556 · 224/255 · 32768
const U_B: i32 = 14392; // 0.5 · 224/255 · 32768
const V_R: i32 = 14392;
const V_G: i32 = -13073; // −0.7152 / 1.5748 · 224/255 · 32768
const V_B: i32 = -1319; // so that the row sums to 0

/** Two 16-bit coefficients in every 32-bit lane, the lower one first. */
// @ts-ignore: decorator
@inline
function coefficients(low: i32, high: i32): v128 {
  return i32x4.splat((low & 0xffff) | (high << 16));
}

/**
 * Luma of four pixels in 32-bit lanes, from their red and blue and their green and alpha. Alpha is 255: its
 * coefficient brings in the offset of black and the rounding.
 */
// @ts-ignore: decorator
@inline
function luma(rb: v128, ga: v128, redBlue: v128, greenAlpha: v128): v128 {
  return i32x4.shr_u(
    i32x4.add(i32x4.dot_i16x8_s(rb, redBlue), i32x4.dot_i16x8_s(ga, greenAlpha)),
    15,
  );
}

/** Sixteen luma samples as bytes. */
// @ts-ignore: decorator
@inline
function packLuma(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/** Sums of the four pixels of every 2×2 block, from eight pixels of two rows: four lanes of two 16-bit sums. */
// @ts-ignore: decorator
@inline
function blockSums(a: v128, b: v128): v128 {
  const even = i8x16.shuffle(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
  const odd = i8x16.shuffle(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  return i16x8.add(even, odd);
}

/** One chroma plane's value of four blocks in 32-bit lanes; sums are of four pixels, hence two more bits. */
// @ts-ignore: decorator
@inline
function chroma(rb: v128, g: v128, redBlue: v128, green: v128, offset: v128): v128 {
  return i32x4.shr_s(
    i32x4.add(i32x4.add(i32x4.dot_i16x8_s(rb, redBlue), i32x4.dot_i16x8_s(g, green)), offset),
    17,
  );
}

/** Eight 16-bit sums of four values become the bytes of eight chroma samples at `ptr`. */
// @ts-ignore: decorator
@inline
function storeChroma(ptr: usize, left: v128, right: v128): void {
  const words = i16x8.narrow_i32x4_s(left, right);
  v128.store64_lane(ptr, i8x16.narrow_i16x8_u(words, words), 0);
}

/**
 * Converts `width` × `height` opaque pixels, rows without gaps, to planes at `dst`: Y, then U, then V, rows without
 * gaps. `width` is a multiple of 16, `height` even. Chroma is the mean of its 2×2 block.
 */
export function rgbaToI420(src: usize, width: i32, height: i32, dst: usize): void {
  const pixels = <usize>width * <usize>height;
  rowsToI420(src, width, height, dst, dst + pixels, dst + pixels + (pixels >> 2));
}

/** The same for some rows of a picture, with the place of the first one in each plane. */
export function rowsToI420(src: usize, width: i32, height: i32, y0: usize, u: usize, v: usize): void {
  const mask = i32x4.splat(0x00ff00ff);
  const yRedBlue = coefficients(Y_R, Y_B);
  const yGreenAlpha = coefficients(Y_G, Y_A);
  const uRedBlue = coefficients(U_R, U_B);
  const uGreen = coefficients(U_G, 0);
  const vRedBlue = coefficients(V_R, V_B);
  const vGreen = coefficients(V_G, 0);
  const offset = i32x4.splat((128 << 17) + (1 << 16));
  const stride = <usize>width << 2;
  for (let row = 0; row < height; row += 2) {
    const y1 = y0 + width;
    for (let x: usize = 0; x < <usize>width; x += 16) {
      const top = src + (x << 2);
      const bottom = top + stride;
      // Four vectors of four pixels in each of two rows; red and blue, then green and alpha, in 16-bit lanes.
      let t = v128.load(top);
      const trb0 = v128.and(t, mask);
      const tga0 = i16x8.shr_u(t, 8);
      t = v128.load(top, 16);
      const trb1 = v128.and(t, mask);
      const tga1 = i16x8.shr_u(t, 8);
      t = v128.load(top, 32);
      const trb2 = v128.and(t, mask);
      const tga2 = i16x8.shr_u(t, 8);
      t = v128.load(top, 48);
      const trb3 = v128.and(t, mask);
      const tga3 = i16x8.shr_u(t, 8);
      v128.store(
        y0 + x,
        packLuma(
          luma(trb0, tga0, yRedBlue, yGreenAlpha),
          luma(trb1, tga1, yRedBlue, yGreenAlpha),
          luma(trb2, tga2, yRedBlue, yGreenAlpha),
          luma(trb3, tga3, yRedBlue, yGreenAlpha),
        ),
      );
      t = v128.load(bottom);
      const brb0 = v128.and(t, mask);
      const bga0 = i16x8.shr_u(t, 8);
      t = v128.load(bottom, 16);
      const brb1 = v128.and(t, mask);
      const bga1 = i16x8.shr_u(t, 8);
      t = v128.load(bottom, 32);
      const brb2 = v128.and(t, mask);
      const bga2 = i16x8.shr_u(t, 8);
      t = v128.load(bottom, 48);
      const brb3 = v128.and(t, mask);
      const bga3 = i16x8.shr_u(t, 8);
      v128.store(
        y1 + x,
        packLuma(
          luma(brb0, bga0, yRedBlue, yGreenAlpha),
          luma(brb1, bga1, yRedBlue, yGreenAlpha),
          luma(brb2, bga2, yRedBlue, yGreenAlpha),
          luma(brb3, bga3, yRedBlue, yGreenAlpha),
        ),
      );
      const rb0 = blockSums(i16x8.add(trb0, brb0), i16x8.add(trb1, brb1));
      const rb1 = blockSums(i16x8.add(trb2, brb2), i16x8.add(trb3, brb3));
      const ga0 = blockSums(i16x8.add(tga0, bga0), i16x8.add(tga1, bga1));
      const ga1 = blockSums(i16x8.add(tga2, bga2), i16x8.add(tga3, bga3));
      const c = x >> 1;
      storeChroma(u + c, chroma(rb0, ga0, uRedBlue, uGreen, offset), chroma(rb1, ga1, uRedBlue, uGreen, offset));
      storeChroma(v + c, chroma(rb0, ga0, vRedBlue, vGreen, offset), chroma(rb1, ga1, vRedBlue, vGreen, offset));
    }
    src += stride << 1;
    y0 += <usize>width << 1;
    u += <usize>width >> 1;
    v += <usize>width >> 1;
  }
}
