import { level, levelCountOf, nextLevel, placesOf, reduce, spreadOf } from './reduction';
import { openParts, reducedPlaces } from './reduced';
import { affineRow, placePixel } from './rows';

/** Places are kept in this many pixels either way, far outside of every bitmap, so that they fit fixed point. */
const FAR: f64 = 1048576;

/** How a bitmap is sampled is decided once for so many program pixels, which begin at multiples of it. */
const SEGMENT_PX: i32 = 16;

/**
 * As long as a straight line goes past the exact places of a segment by no more than so much of a bitmap pixel, or of a
 * program pixel where that is larger, it is taken for them: then the fast rows of affine transforms do.
 */
const STRAIGHT_PX: f64 = 1.0 / 32;

/**
 * A row of a bitmap seen in perspective: fills `count` pixels at `dst` from program pixel (x, y). `params` are the
 * nine coefficients of SAMPLE_PERSPECTIVE, `levels` the levels of the bitmap or 0, `room` a row in the scratch. No
 * place depends on where the row begins.
 */
export function perspectiveRow(
  dst: usize,
  count: i32,
  bitmap: usize,
  width: i32,
  height: i32,
  x: i32,
  y: i32,
  params: usize,
  levels: usize,
  room: usize,
): void {
  const a = load<f64>(params);
  const d = load<f64>(params, 24);
  const g = load<f64>(params, 48);
  const row = <f64>y;
  const b = load<f64>(params, 8) * row + load<f64>(params, 16);
  const e = load<f64>(params, 32) * row + load<f64>(params, 40);
  const h = load<f64>(params, 56) * row + load<f64>(params, 64);
  const levelCount = levels == 0 ? 0 : levelCountOf(width, height);
  const end = x + count;
  for (let from = x; from < end; ) {
    const begin = from & -SEGMENT_PX;
    const to = min(end, begin + SEGMENT_PX);
    const at = dst + (<usize>(from - x) << 2);
    // The steps of the place at the segment's centre: those of a quotient, along the row and across it.
    const centre = <f64>(begin + SEGMENT_PX / 2);
    const by = 1 / (g * centre + h);
    const u = (a * centre + b) * by;
    const v = (d * centre + e) * by;
    const ux = (a - g * u) * by;
    const vx = (d - g * v) * by;
    const uy = (load<f64>(params, 8) - load<f64>(params, 56) * u) * by;
    const vy = (load<f64>(params, 32) - load<f64>(params, 56) * v) * by;
    const ratioX = sqrt(ux * ux + vx * vx);
    const ratioY = sqrt(uy * uy + vy * vy);
    // Behind the eye there is no ratio, and nothing to be seen.
    const isBefore = by > 0 && ratioX < FAR && ratioY < FAR && abs(u) < FAR && abs(v) < FAR;
    const isReduced = isBefore && reduce(ratioX, ratioY, levelCount, true);
    // Half a segment away, a quotient is off its tangent by (g·t)² of the way there, and less than twice that here.
    const bend = abs(g * by) * (SEGMENT_PX / 2);
    const off = 2 * bend * ratioX * (SEGMENT_PX / 2);
    if (isBefore && bend < 0.25 && off <= STRAIGHT_PX * max(1, ratioX)) {
      const away = from - begin - SEGMENT_PX / 2;
      if (isReduced) {
        openParts(bitmap, width, height, levels, room);
        reducedPlaces(at, to - from, away, u, v, ux, vx, uy, vy);
      } else {
        const du = <i64>floor(ux * 65536);
        const dv = <i64>floor(vx * 65536);
        const placeU = <i64>floor(u * 65536) + du * <i64>away;
        const placeV = <i64>floor(v * 65536) + dv * <i64>away;
        affineRow(at, to - from, bitmap, width, height, placeU, placeV, du, dv);
      }
      from = to;
      continue;
    }
    if (isReduced) {
      openLevel(room, bitmap, width, height, levels, level, ux, vx, uy, vy);
      if (nextLevel > 0) {
        openLevel(room + PLACES_BYTES, bitmap, width, height, levels, level + 1, ux, vx, uy, vy);
      }
    }
    for (let i = from; i < to; i++) {
      const column = <f64>i;
      const w = g * column + h;
      let pixel: u32 = 0;
      // What is behind the eye is not seen.
      if (w > 0) {
        const own = 1 / w;
        const pu = <i64>floor(max(-FAR, min(FAR, (a * column + b) * own)) * 65536);
        const pv = <i64>floor(max(-FAR, min(FAR, (d * column + e) * own)) * 65536);
        pixel = isReduced ? meanOf(room, pu, pv) : placePixel(bitmap, width, height, pu, pv);
      }
      store<u32>(at + (<usize>(i - from) << 2), pixel);
    }
    from = to;
  }
}

/**
 * One level as it is sampled, a record in the lane's scratch (what is shared by threads is no place for objects):
 * i32 × 6: address of its pixels, width, height, depth, places in a row and rows of places; then i64 × 6, places in the
 * level, 16.16: the step from a place to the next in its row, u and v, that to the next row, and the first place, both
 * from the centre of the program pixel.
 */
const PLACES_BYTES: usize = 96;
const PIXELS: usize = 0;
const WIDTH: usize = 4;
const HEIGHT: usize = 8;
const DEPTH: usize = 12;
const ACROSS_X: usize = 16;
const ACROSS_Y: usize = 20;
const STEP_UX: usize = 24;
const STEP_VX: usize = 32;
const STEP_UY: usize = 40;
const STEP_VY: usize = 48;
const FIRST_U: usize = 56;
const FIRST_V: usize = 64;

/** Decides how one level is sampled: `ux` to `vy` are the steps in the bitmap for a program pixel. */
function openLevel(
  to: usize,
  bitmap: usize,
  width: i32,
  height: i32,
  levels: usize,
  depth: i32,
  ux: f64,
  vx: f64,
  uy: f64,
  vy: f64,
): void {
  let pixels = bitmap;
  let next = levels;
  for (let i = 0; i < depth; i++) {
    pixels = next;
    width = (width + 1) >> 1;
    height = (height + 1) >> 1;
    next += (<usize>width * <usize>height) << 2;
  }
  const ratioX = sqrt(ux * ux + vx * vx);
  const ratioY = sqrt(uy * uy + vy * vy);
  const acrossX = placesOf(ratioX, depth);
  const acrossY = placesOf(ratioY, depth);
  const unit = 65536.0 / <f64>(1 << depth);
  const spreadX = spreadOf(ratioX, depth, acrossX) * unit;
  const spreadY = spreadOf(ratioY, depth, acrossY) * unit;
  const stepX = acrossX == 1 ? 0 : (2 * spreadX) / <f64>(acrossX - 1);
  const stepY = acrossY == 1 ? 0 : (2 * spreadY) / <f64>(acrossY - 1);
  store<usize>(to + PIXELS, pixels);
  store<i32>(to + WIDTH, width);
  store<i32>(to + HEIGHT, height);
  store<i32>(to + DEPTH, depth);
  store<i32>(to + ACROSS_X, acrossX);
  store<i32>(to + ACROSS_Y, acrossY);
  store<i64>(to + STEP_UX, <i64>(ux * stepX));
  store<i64>(to + STEP_VX, <i64>(vx * stepX));
  store<i64>(to + STEP_UY, <i64>(uy * stepY));
  store<i64>(to + STEP_VY, <i64>(vy * stepY));
  store<i64>(to + FIRST_U, <i64>(-ux * spreadX - uy * spreadY));
  store<i64>(to + FIRST_V, <i64>(-vx * spreadX - vy * spreadY));
}

/** The mean around a place of the bitmap, by the one or two records at `places`. */
function meanOf(places: usize, u: i64, v: i64): u32 {
  const fine = meanIn(places, u, v);
  if (nextLevel == 0) return fine;
  const coarse = meanIn(places + PLACES_BYTES, u, v);
  let pixel: u32 = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const a = <i32>((fine >> shift) & 255);
    const b = <i32>((coarse >> shift) & 255);
    pixel |= <u32>(a + (((b - a) * nextLevel + 128) >> 8)) << shift;
  }
  return pixel;
}

function meanIn(places: usize, u: i64, v: i64): u32 {
  const pixels = load<usize>(places + PIXELS);
  const width = load<i32>(places + WIDTH);
  const height = load<i32>(places + HEIGHT);
  const depth = load<i32>(places + DEPTH);
  const acrossX = load<i32>(places + ACROSS_X);
  const acrossY = load<i32>(places + ACROSS_Y);
  const stepU = load<i64>(places + STEP_UX);
  const stepV = load<i64>(places + STEP_VX);
  let rowU = ((u + 32768) >> depth) - 32768 + load<i64>(places + FIRST_U);
  let rowV = ((v + 32768) >> depth) - 32768 + load<i64>(places + FIRST_V);
  let sum = i32x4.splat(0);
  for (let j = 0; j < acrossY; j++) {
    let atU = rowU;
    let atV = rowV;
    for (let i = 0; i < acrossX; i++) {
      const pixel = i32x4.splat(placePixel(pixels, width, height, atU, atV));
      sum = i32x4.add(sum, i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(pixel)));
      atU += stepU;
      atV += stepV;
    }
    rowU += load<i64>(places + STEP_UY);
    rowV += load<i64>(places + STEP_VY);
  }
  const by = f32x4.splat(<f32>1 / <f32>(acrossX * acrossY));
  const mean = i32x4.trunc_sat_f32x4_s(
    f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sum), by), f32x4.splat(0.5)),
  );
  const shorts = i16x8.narrow_i32x4_s(mean, mean);
  return <u32>i32x4.extract_lane(i8x16.narrow_i16x8_u(shorts, shorts), 0);
}
