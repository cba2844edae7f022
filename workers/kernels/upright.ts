import { storePixels } from './planes';
import { offsetOf } from './reduction';
import { fractions, lefts, mixedPair, mixedSpan, rights, steppedRow } from './rows';

/** Rows of a bitmap that is shown smaller than it is, neither turned nor leaning: rows and columns are averaged apart. */

/** Of the room: weights of rows, and a line of the bitmap. */
const LINE_OFFSET: usize = 4096;
/** A line is made for so many program pixels at a time at the most, and has at most so many pixels. */
const CHUNK_PX: i32 = 256;
const LINE_PX: i32 = 5000;

/** Pixels at the sides that reading ahead or two neighbours take. */
const SPARE_PX: i32 = 8;

/**
 * The rows of a bitmap that take part in the mean of several places of one column, each once for every place that it
 * is next to: pairs of i32 at `list`, its offset in the bitmap and its weight, 256 in all. Rows outside of the bitmap
 * are left out. Sums are rounded, not weights, so that they come to 256. Answers how many there are.
 */
function weighRows(list: usize, width: i32, height: i32, v: i64, ev: i64, places: i32, spread: i64): i32 {
  let count = 0;
  let sum = 0;
  let before = 0;
  for (let j = 0; j < places; j++) {
    const at = v + ((ev * offsetOf(j, places, spread)) >> 16);
    const fraction = <i32>(at & 0xffff);
    for (let next = 0; next < 2; next++) {
      sum += next == 0 ? 65536 - fraction : fraction;
      const until = (sum + (places << 7)) / (places << 8);
      const row = (at >> 16) + <i64>next;
      if (row >= 0 && row < <i64>height && until > before) {
        const entry = list + <usize>(count++ << 3);
        store<i32>(entry, (<i32>row * width) << 2);
        store<i32>(entry, until - before, 4);
      }
      before = until;
    }
  }
  return count;
}

/** `count` rows of a list, each with its weight, to one line: pixels x0 to x1 (excluded), which may lie outside. */
function weighedSpan(line: usize, pixels: usize, width: i32, list: usize, count: i32, x0: i32, x1: i32): void {
  const first = max(x0, 0);
  const last = min(x1, width);
  if (first >= last || count == 0) {
    memory.fill(line, 0, <usize>(x1 - x0) << 2);
    return;
  }
  if (first > x0) memory.fill(line, 0, <usize>(first - x0) << 2);
  if (x1 > last) memory.fill(line + (<usize>(last - x0) << 2), 0, <usize>(x1 - last) << 2);
  const half = i16x8.splat(128);
  const out = line + (<usize>(first - x0) << 2);
  const from = pixels + (<usize>first << 2);
  const bytes = <usize>(last - first) << 2;
  const end = list + <usize>(count << 3);
  // The last vector may run over into the next row, and in the last row into what follows the bitmap: nobody sees it.
  for (let at: usize = 0; at < bytes; at += 16) {
    let low = half;
    let high = half;
    for (let entry = list; entry < end; entry += 8) {
      const four = v128.load(from + at + load<usize>(entry));
      const by = v128.load16_splat(entry + 4);
      low = i16x8.add(low, i16x8.mul(i16x8.extend_low_i8x16_u(four), by));
      high = i16x8.add(high, i16x8.mul(i16x8.extend_high_i8x16_u(four), by));
    }
    const mean = i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8));
    if (at + 16 <= bytes) v128.store(out + at, mean);
    else storePixels(out + at, mean, <i32>((bytes - at) >> 2));
  }
}

/** Neither turned nor leaning: the mean of rows first, then that of places in it. */
export function uprightRow(
  dst: usize,
  count: i32,
  pixels: usize,
  width: i32,
  height: i32,
  u: i64,
  v: i64,
  du: i64,
  ev: i64,
  acrossX: i32,
  acrossY: i32,
  spreadX: i64,
  spreadY: i64,
  scratch: usize,
): void {
  const line = scratch + LINE_OFFSET;
  const weights = scratch;
  const rows = acrossY == 1 ? 0 : weighRows(weights, width, height, v, ev, acrossY, spreadY);
  const side = (du * spreadX) >> 16;
  const chunk = max(1, min(CHUNK_PX, <i32>((<i64>(LINE_PX - 4 * SPARE_PX) << 16) / du) - 2));
  for (let done = 0; done < count; done += chunk) {
    const part = min(chunk, count - done);
    const first = u + du * <i64>done;
    const x0 = <i32>((first - side) >> 16) - 1;
    const x1 = <i32>((first + du * <i64>(part - 1) + side) >> 16) + SPARE_PX;
    if (acrossY == 1) mixedSpan(line, pixels, width, height, v, x0, x1);
    else weighedSpan(line, pixels, width, weights, rows, x0, x1);
    const to = dst + (<usize>done << 2);
    const start = <i32>(first - side - (<i64>x0 << 16));
    if (acrossX == 1) steppedRow(to, part, line, start, <i32>du);
    else meanSteps(to, part, line, start, <i32>du, acrossX, <i32>(2 * side / <i64>(acrossX - 1)));
  }
}

/**
 * Pixels of a line: each the mean of `places` places, `apart` from each other, whose first is at `start` for the first
 * pixel, `step` further on for the next. Up to three more are written.
 */
function meanSteps(dst: usize, count: i32, line: usize, start: i32, step: i32, places: i32, apart: i32): void {
  const by = i16x8.splat(<i16>((2048 + (places >> 1)) / places));
  const steps = i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3));
  for (let i = 0; i < count; i += 4) {
    let low = i16x8.splat(0);
    let high = i16x8.splat(0);
    let first = start + step * i;
    for (let j = 0; j < places; j++) {
      const a = line + (<usize>(first >> 16) << 2);
      const b = line + (<usize>((first + step) >> 16) << 2);
      const c = line + (<usize>((first + 2 * step) >> 16) << 2);
      const d = line + (<usize>((first + 3 * step) >> 16) << 2);
      const ab = v128.load64_lane(b, v128.load64_zero(a), 1);
      const cd = v128.load64_lane(d, v128.load64_zero(c), 1);
      const f = fractions(i32x4.add(i32x4.splat(first), steps));
      const left = lefts(ab, cd);
      const right = rights(ab, cd);
      low = i16x8.add(low, mixedPair(left, right, f, true));
      high = i16x8.add(high, mixedPair(left, right, f, false));
      first += apart;
    }
    // At most eight times 255 times 16: it fits 16 bits with a sign.
    v128.store(
      dst + (<usize>i << 2),
      i8x16.narrow_i16x8_u(
        i16x8.q15mulr_sat_s(i16x8.shl(low, 4), by),
        i16x8.q15mulr_sat_s(i16x8.shl(high, 4), by),
      ),
    );
  }
}
