/**
 * RGBA to I420, BT.709 limited range (ITU-R BT.709-6, section 3): Y = 16 + 219·(0.2126 R + 0.7152 G + 0.0722 B),
 * Cb and Cr = 128 + 224·(…), each of R, G, B in 0..1. Coefficients are in 1/32768 of a byte step; the rows of a
 * matrix sum up so that black is 16, white 235, and every grey has chroma 128.
 */
const Y_R: i32 = 5983; // 0.2126 · 219/255 · 32768
const Y_G: i32 = 20127; // 0.7152 · 219/255 · 32768
const Y_B: i32 = 2032; // 0.0722 · 219/255 · 32768
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

/** Luma of four pixels in 32-bit lanes. */
// @ts-ignore: decorator
@inline
function luma(pixels: v128, redBlue: v128, green: v128, mask: v128, offset: v128): v128 {
  const rb = v128.and(pixels, mask);
  const g = v128.and(i32x4.shr_u(pixels, 8), i32x4.splat(0xff));
  return i32x4.shr_u(
    i32x4.add(i32x4.add(i32x4.dot_i16x8_s(rb, redBlue), i32x4.dot_i16x8_s(g, green)), offset),
    15,
  );
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
  const mask = i32x4.splat(0x00ff00ff);
  const yRedBlue = coefficients(Y_R, Y_B);
  const yGreen = coefficients(Y_G, 0);
  const uRedBlue = coefficients(U_R, U_B);
  const uGreen = coefficients(U_G, 0);
  const vRedBlue = coefficients(V_R, V_B);
  const vGreen = coefficients(V_G, 0);
  const yOffset = i32x4.splat((16 << 15) + (1 << 14));
  const cOffset = i32x4.splat((128 << 17) + (1 << 16));
  const stride = <usize>width << 2;
  const pixels = <usize>width * <usize>height;
  let y0 = dst;
  let u = dst + pixels;
  let v = u + (pixels >> 2);
  for (let row = 0; row < height; row += 2) {
    const y1 = y0 + width;
    for (let x: usize = 0; x < <usize>width; x += 16) {
      const top = src + (x << 2);
      const bottom = top + stride;
      const t0 = v128.load(top);
      const t1 = v128.load(top, 16);
      const t2 = v128.load(top, 32);
      const t3 = v128.load(top, 48);
      const b0 = v128.load(bottom);
      const b1 = v128.load(bottom, 16);
      const b2 = v128.load(bottom, 32);
      const b3 = v128.load(bottom, 48);
      v128.store(
        y0 + x,
        i8x16.narrow_i16x8_u(
          i16x8.narrow_i32x4_s(luma(t0, yRedBlue, yGreen, mask, yOffset), luma(t1, yRedBlue, yGreen, mask, yOffset)),
          i16x8.narrow_i32x4_s(luma(t2, yRedBlue, yGreen, mask, yOffset), luma(t3, yRedBlue, yGreen, mask, yOffset)),
        ),
      );
      v128.store(
        y1 + x,
        i8x16.narrow_i16x8_u(
          i16x8.narrow_i32x4_s(luma(b0, yRedBlue, yGreen, mask, yOffset), luma(b1, yRedBlue, yGreen, mask, yOffset)),
          i16x8.narrow_i32x4_s(luma(b2, yRedBlue, yGreen, mask, yOffset), luma(b3, yRedBlue, yGreen, mask, yOffset)),
        ),
      );
      const rb0 = blockSums(
        i16x8.add(v128.and(t0, mask), v128.and(b0, mask)),
        i16x8.add(v128.and(t1, mask), v128.and(b1, mask)),
      );
      const rb1 = blockSums(
        i16x8.add(v128.and(t2, mask), v128.and(b2, mask)),
        i16x8.add(v128.and(t3, mask), v128.and(b3, mask)),
      );
      const ga0 = blockSums(
        i16x8.add(i16x8.shr_u(v128.and(t0, v128.not(mask)), 8), i16x8.shr_u(v128.and(b0, v128.not(mask)), 8)),
        i16x8.add(i16x8.shr_u(v128.and(t1, v128.not(mask)), 8), i16x8.shr_u(v128.and(b1, v128.not(mask)), 8)),
      );
      const ga1 = blockSums(
        i16x8.add(i16x8.shr_u(v128.and(t2, v128.not(mask)), 8), i16x8.shr_u(v128.and(b2, v128.not(mask)), 8)),
        i16x8.add(i16x8.shr_u(v128.and(t3, v128.not(mask)), 8), i16x8.shr_u(v128.and(b3, v128.not(mask)), 8)),
      );
      // The alpha sums stand in the upper halves of the green lanes, where the coefficient is 0.
      const c = x >> 1;
      storeChroma(u + c, chroma(rb0, ga0, uRedBlue, uGreen, cOffset), chroma(rb1, ga1, uRedBlue, uGreen, cOffset));
      storeChroma(v + c, chroma(rb0, ga0, vRedBlue, vGreen, cOffset), chroma(rb1, ga1, vRedBlue, vGreen, cOffset));
    }
    src += stride << 1;
    y0 += <usize>width << 1;
    u += <usize>width >> 1;
    v += <usize>width >> 1;
  }
}
