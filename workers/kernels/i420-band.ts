/**
 * Bands of an opaque I420 picture to RGBA: BT.709 limited to full range, rounded. Chroma is interpolated where MPEG-2 has it:
 * at every second pixel of a row, and half way between two rows.
 *
 *     rows of luma     U rows: the one above the band, its own, the one below     V rows
 *     ├ width × rows ──┼ width/2 × (rows/2 + 2) ──────────────────────────────────┼ as U ────┤ lines, spare row
 *
 * At the edges of the picture the row there stands for the one beyond. The lines and the row take two bytes for each pixel
 * of a row of the band and 160 more.
 */

// Samples that chroma is mixed of weigh 3 and 1 of two rows, then 1 and 1 of two columns: eight in all.
const GREY: i16 = 128 * 8;
/** Chroma comes to 256 times its value, luma to 128 times. */
const CHROMA_SHIFT: i32 = 5;
const LUMA_SHIFT: i32 = 7;
/** What is reckoned has this many fractional bits. */
const BITS: i32 = 6;

// A half of the factor of luma and a quarter of those of chroma, in 1/32768: 255/219, 255/224 · 1.5748, …. Of luma these two are
// the only ones around their exact values, 19077.3 and 32, with which every grey is rounded to the nearest.
const LUMA: i16 = 19078;
const HALF: i16 = 31;
const RED_V: i16 = 14686;
const GREEN_U: i16 = -1747;
const GREEN_V: i16 = -4366;
const BLUE_U: i16 = 17305;

/** A line of chroma between two rows: 3 parts of the nearer one. One more sample is left, equal to the last. */
function mixRows(near: usize, far: usize, count: i32, line: usize): void {
  for (let x: usize = 0; x < <usize>count; x += 8) {
    const a = i16x8.extend_low_i8x16_u(v128.load64_zero(near + x));
    const b = i16x8.extend_low_i8x16_u(v128.load64_zero(far + x));
    v128.store(line + (x << 1), i16x8.add(i16x8.add(a, b), i16x8.shl(a, 1)));
  }
  const end = line + (<usize>count << 1);
  store<i16>(end, load<i16>(end - 2));
}

/** Chroma of eight pixels as a distance from grey. */
// @ts-ignore: decorator
@inline
function distance(left: v128, right: v128): v128 {
  return i16x8.shl(i16x8.sub(i16x8.add(left, right), i16x8.splat(GREY)), CHROMA_SHIFT);
}

/** Luma of eight pixels, brought to full range, with the half that rounds it. */
// @ts-ignore: decorator
@inline
function light(luma: v128): v128 {
  const above = i16x8.shl(i16x8.sub(luma, i16x8.splat(16)), LUMA_SHIFT);
  return i16x8.add(i16x8.q15mulr_sat_s(above, i16x8.splat(LUMA)), i16x8.splat(HALF));
}

// @ts-ignore: decorator
@inline
function red(y: v128, v: v128): v128 {
  return i16x8.shr_s(i16x8.add(y, i16x8.q15mulr_sat_s(v, i16x8.splat(RED_V))), BITS);
}

// @ts-ignore: decorator
@inline
function green(y: v128, u: v128, v: v128): v128 {
  const chroma = i16x8.add(
    i16x8.q15mulr_sat_s(u, i16x8.splat(GREEN_U)),
    i16x8.q15mulr_sat_s(v, i16x8.splat(GREEN_V)),
  );
  return i16x8.shr_s(i16x8.add(y, chroma), BITS);
}

/** The only one that may be too large for 16 bits: what is cut off is above 255. */
// @ts-ignore: decorator
@inline
function blue(y: v128, u: v128): v128 {
  return i16x8.shr_s(i16x8.add_sat_s(y, i16x8.q15mulr_sat_s(u, i16x8.splat(BLUE_U))), BITS);
}

/** Sixteen pixels. The lines are those of the first one's chroma. */
// @ts-ignore: decorator
@inline
function convert16(y: usize, u: usize, v: usize, dst: usize): void {
  const luma = v128.load(y);
  const evenY = light(v128.and(luma, i16x8.splat(0xff)));
  const oddY = light(i16x8.shr_u(luma, 8));
  const u0 = v128.load(u);
  const v0 = v128.load(v);
  // Chroma stands at the even pixels; an odd one lies half way to the next.
  const evenU = distance(u0, u0);
  const oddU = distance(u0, v128.load(u, 2));
  const evenV = distance(v0, v0);
  const oddV = distance(v0, v128.load(v, 2));
  const r = i8x16.narrow_i16x8_u(red(evenY, evenV), red(oddY, oddV));
  const g = i8x16.narrow_i16x8_u(green(evenY, evenU, evenV), green(oddY, oddU, oddV));
  const b = i8x16.narrow_i16x8_u(blue(evenY, evenU), blue(oddY, oddU));
  const a = i8x16.splat(-1);
  const evenRg = i8x16.shuffle(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const oddRg = i8x16.shuffle(r, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const evenBa = i8x16.shuffle(b, a, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const oddBa = i8x16.shuffle(b, a, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const even0 = v128.shuffle<i16>(evenRg, evenBa, 0, 8, 1, 9, 2, 10, 3, 11);
  const even1 = v128.shuffle<i16>(evenRg, evenBa, 4, 12, 5, 13, 6, 14, 7, 15);
  const odd0 = v128.shuffle<i16>(oddRg, oddBa, 0, 8, 1, 9, 2, 10, 3, 11);
  const odd1 = v128.shuffle<i16>(oddRg, oddBa, 4, 12, 5, 13, 6, 14, 7, 15);
  v128.store(dst, v128.shuffle<i32>(even0, odd0, 0, 4, 1, 5));
  v128.store(dst, v128.shuffle<i32>(even0, odd0, 2, 6, 3, 7), 16);
  v128.store(dst, v128.shuffle<i32>(even1, odd1, 0, 4, 1, 5), 32);
  v128.store(dst, v128.shuffle<i32>(even1, odd1, 2, 6, 3, 7), 48);
}

/** Converts a band of `width` × `rows` pixels, both even, that is laid out as above, to pixels without gaps at `dst`. */
export function i420BandToRgba(band: usize, width: i32, rows: i32, dst: usize): void {
  const half = width >> 1;
  const chromaBytes = <usize>half * <usize>((rows >> 1) + 2);
  const uRows = band + <usize>width * <usize>rows;
  const vRows = uRows + chromaBytes;
  const uLine = (vRows + chromaBytes + 15) & ~15;
  // A line ends with a sample more, and with what the last vector has too much.
  const vLine = uLine + (((<usize>half << 1) + 32) & ~15);
  const spare = vLine + (((<usize>half << 1) + 32) & ~15);
  const whole = width & -16;
  for (let y = 0; y < rows; y++) {
    const near = <usize>((y >> 1) + 1) * <usize>half;
    const far = y & 1 ? near + <usize>half : near - <usize>half;
    mixRows(uRows + near, uRows + far, half, uLine);
    mixRows(vRows + near, vRows + far, half, vLine);
    const luma = band + <usize>y * <usize>width;
    const row = dst + ((<usize>y * <usize>width) << 2);
    // Two bytes of a line for each two pixels: both have the same offset.
    for (let x: usize = 0; x < <usize>whole; x += 16) convert16(luma + x, uLine + x, vLine + x, row + (x << 2));
    if (whole == width) continue;
    const x = <usize>whole;
    convert16(luma + x, uLine + x, vLine + x, spare);
    memory.copy(row + (x << 2), spare, <usize>(width - whole) << 2);
  }
}
