import {
  ITEM_BITMAP,
  ITEM_LEVELS,
  ITEM_SAMPLE,
  ITEM_SRC_HEIGHT,
  ITEM_SRC_WIDTH,
  ITEM_U0,
  ITEM_UX,
  ITEM_UY,
  ITEM_V0,
  ITEM_VX,
  ITEM_VY,
  WORKER_ROW_BYTES,
  SAMPLE_SCALED,
} from '../../src/memory/records';
import { mix } from './pixels';
import { level, levelCountOf, nextLevel, offsetOf, placesOf, reduce, spreadOf } from './reduction';
import { affineRow, partWithin, placeWithin } from './rows';
import { addRow, meanRow } from './sums';
import { uprightRow } from './upright';

/**
 * Rows of a bitmap that is shown smaller than it is, by an affine transform: the mean of several bilinear samples
 * around the centre of each program pixel, of the bitmap or one of its levels. reduction.ts decides which.
 */

/** Set by `openReduced`. */
let bitmap: usize = 0;
let bitmapWidth: i32 = 0;
let bitmapHeight: i32 = 0;
let levels: usize = 0;
let ux: i64 = 0;
let uy: i64 = 0;
let u0: i64 = 0;
let vx: i64 = 0;
let vy: i64 = 0;
let v0: i64 = 0;
let ratioX: f64 = 0;
let ratioY: f64 = 0;
let isUpright: bool = false;
/** Bitmap pixels, 16.16, by which samples may reach beyond the place of a program pixel. */
let reach: i64 = 0;
let scratch: usize = 0;

/** Of the room: a row, sums of rows, the row of a second level, and what upright.ts takes. */
const SUMS_OFFSET: usize = 8192;
const SECOND_OFFSET: usize = 24576;
const UPRIGHT_OFFSET: usize = 32768;
/**
 * Gets ready to draw an affine item. `rows` is room for two rows of WORKER_ROW_BYTES, used until the next call.
 * Answers whether the bitmap is to be reduced; if not, it is sampled as in rows.ts.
 */
export function openReduced(item: usize, levelsAt: usize, rows: usize): bool {
  ux = load<i64>(item + ITEM_UX);
  uy = load<i64>(item + ITEM_UY);
  vx = load<i64>(item + ITEM_VX);
  vy = load<i64>(item + ITEM_VY);
  ratioX = sqrt(<f64>ux * <f64>ux + <f64>vx * <f64>vx) * (1.0 / 65536);
  ratioY = sqrt(<f64>uy * <f64>uy + <f64>vy * <f64>vy) * (1.0 / 65536);
  bitmapWidth = load<i32>(item + ITEM_SRC_WIDTH);
  bitmapHeight = load<i32>(item + ITEM_SRC_HEIGHT);
  levels = levelsAt;
  isUpright = load<i32>(item + ITEM_SAMPLE) == SAMPLE_SCALED;
  const levelCount = levels == 0 ? 0 : levelCountOf(bitmapWidth, bitmapHeight);
  if (!reduce(ratioX, ratioY, levelCount, isUpright)) return false;
  bitmap = load<usize>(item + ITEM_BITMAP);
  u0 = load<i64>(item + ITEM_U0);
  v0 = load<i64>(item + ITEM_V0);
  // Half a program pixel either way, and a pixel of the coarsest level that is sampled.
  reach = (abs(ux) + abs(uy) + abs(vx) + abs(vy)) / 2 + (<i64>131072 << (level + 1));
  scratch = rows;
  return true;
}

/**
 * The part of `count` program pixels from (x, y) on in which something of the bitmap can be seen: first index in the
 * upper half of the answer, the one after the last in the lower.
 */
export function reducedPart(x: i32, y: i32, count: i32): u64 {
  const u = ux * <i64>x + uy * <i64>y + u0;
  const v = vx * <i64>x + vy * <i64>y + v0;
  const inU = partWithin(count, u, ux, -reach, (<i64>bitmapWidth << 16) + reach);
  const inV = partWithin(count, v, vx, -reach, (<i64>bitmapHeight << 16) + reach);
  const from = max(inU >>> 32, inV >>> 32);
  const to = max(from, min(inU & 0xffffffff, inV & 0xffffffff));
  return (from << 32) | to;
}

/** Fills `count` pixels at `dst` from program pixel (x, y) on, and up to three more. */
export function reducedRow(dst: usize, count: i32, x: i32, y: i32): void {
  rowOfLevel(dst, count, x, y, level);
  if (nextLevel == 0) return;
  rowOfLevel(scratch + SECOND_OFFSET, count, x, y, level + 1);
  mixInNext(dst, count);
}

/** Bitmap pixels, 16.16, by which samples may reach beyond the place of a program pixel. */
export function reducedReach(): i64 {
  return reach;
}

/** One pixel at a place of the bitmap, of which only a part is seen, whose edges go on for ever. */
export function reducedWithin(u: i64, v: i64, x0: i32, y0: i32, x1: i32, y1: i32): u32 {
  const fine = meanWithin(u, v, x0, y0, x1, y1, level);
  if (nextLevel == 0) return fine;
  const coarse = meanWithin(u, v, x0, y0, x1, y1, level + 1);
  const weight = i16x8.splat(<i16>min(32767, nextLevel << 7));
  return <u32>i32x4.extract_lane(mix(i32x4.splat(fine), i32x4.splat(coarse), weight, weight), 0);
}

function meanWithin(u: i64, v: i64, x0: i32, y0: i32, x1: i32, y1: i32, depth: i32): u32 {
  let pixels = bitmap;
  let width = bitmapWidth;
  let height = bitmapHeight;
  let next = levels;
  for (let i = 0; i < depth; i++) {
    pixels = next;
    width = (width + 1) >> 1;
    height = (height + 1) >> 1;
    next += (<usize>width * <usize>height) << 2;
  }
  // Pixels of a level that lie in the part as a whole, and one further in, for each saw two beyond its own.
  const margin = depth == 0 ? 0 : 1;
  const round = (1 << depth) - 1;
  const left = ((x0 + round) >> depth) + (x0 > 0 ? margin : 0);
  const top = ((y0 + round) >> depth) + (y0 > 0 ? margin : 0);
  const right = x1 < bitmapWidth ? (x1 >> depth) - margin : width;
  const bottom = y1 < bitmapHeight ? (y1 >> depth) - margin : height;
  const firstX = min(left, width - 1);
  const firstY = min(top, height - 1);
  const endX = max(firstX + 1, right);
  const endY = max(firstY + 1, bottom);
  const acrossX = placesOf(ratioX, depth);
  const acrossY = placesOf(ratioY, depth);
  const spreadX = <i64>(spreadOf(ratioX, depth, acrossX) * 65536);
  const spreadY = <i64>(spreadOf(ratioY, depth, acrossY) * 65536);
  let sum = i32x4.splat(0);
  for (let j = 0; j < acrossY; j++) {
    const down = offsetOf(j, acrossY, spreadY);
    for (let i = 0; i < acrossX; i++) {
      const across = offsetOf(i, acrossX, spreadX);
      const atU = placeIn(u + ((ux * across + uy * down) >> 16), depth);
      const atV = placeIn(v + ((vx * across + vy * down) >> 16), depth);
      const pixel = i32x4.splat(placeWithin(pixels, width, firstX, firstY, endX, endY, atU, atV));
      sum = i32x4.add(sum, i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(pixel)));
    }
  }
  const by = f32x4.splat(<f32>1 / <f32>(acrossX * acrossY));
  const half = f32x4.splat(0.5);
  const mean = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sum), by), half));
  const shorts = i16x8.narrow_i32x4_s(mean, mean);
  return <u32>i32x4.extract_lane(i8x16.narrow_i16x8_u(shorts, shorts), 0);
}

/** Mixes in what is behind it of the next level. */
function mixInNext(dst: usize, count: i32): void {
  const second = scratch + SECOND_OFFSET;
  const weight = i16x8.splat(<i16>min(32767, nextLevel << 7));
  for (let at: usize = 0; at < <usize>count << 2; at += 16) {
    v128.store(dst + at, mix(v128.load(dst + at), v128.load(second + at), weight, weight));
  }
}

/** The same as `openReduced` for parts whose places are given one by one, after `reduce` has decided. */
export function openParts(bitmapAt: usize, width: i32, height: i32, levelsAt: usize, rows: usize): void {
  bitmap = bitmapAt;
  bitmapWidth = width;
  bitmapHeight = height;
  levels = levelsAt;
  isUpright = false;
  scratch = rows;
}

/**
 * Fills `count` pixels at `dst`, and up to three more. The place (u, v), 16.16, is that of a program pixel from which the
 * first one is `away`; `ux` to `vy` are the steps to the next program pixel and to that below, in bitmap pixels.
 */
export function reducedPlaces(
  dst: usize,
  count: i32,
  away: i32,
  u: f64,
  v: f64,
  ux: f64,
  vx: f64,
  uy: f64,
  vy: f64,
): void {
  ratioX = sqrt(ux * ux + vx * vx);
  ratioY = sqrt(uy * uy + vy * vy);
  for (let next = 0; next <= i32(nextLevel > 0); next++) {
    const depth = level + next;
    const unit = 65536.0 / <f64>(1 << depth);
    const du = <i64>floor(ux * unit);
    const dv = <i64>floor(vx * unit);
    const eu = <i64>floor(uy * unit);
    const ev = <i64>floor(vy * unit);
    const placeU = <i64>floor((u + 0.5) * unit) - 32768 + du * <i64>away;
    const placeV = <i64>floor((v + 0.5) * unit) - 32768 + dv * <i64>away;
    sampleLevel(next == 0 ? dst : scratch + SECOND_OFFSET, count, depth, placeU, placeV, du, dv, eu, ev);
  }
  if (nextLevel > 0) mixInNext(dst, count);
}

/** A step in the bitmap as one in a level. */
// @ts-ignore: decorator
@inline
function stepIn(step: i64, depth: i32): i64 {
  return (step + ((<i64>1 << depth) >> 1)) >> depth;
}

/** A place in the bitmap as one in a level: both count from the centre of their first pixel. */
// @ts-ignore: decorator
@inline
function placeIn(place: i64, depth: i32): i64 {
  return stepIn(place + 32768, depth) - 32768;
}

function rowOfLevel(dst: usize, count: i32, x: i32, y: i32, depth: i32): void {
  const du = stepIn(ux, depth);
  const dv = stepIn(vx, depth);
  const eu = stepIn(uy, depth);
  const ev = stepIn(vy, depth);
  // From the same steps for every pixel, wherever its tile begins.
  const u = du * <i64>x + eu * <i64>y + placeIn(u0, depth);
  const v = dv * <i64>x + ev * <i64>y + placeIn(v0, depth);
  sampleLevel(dst, count, depth, u, v, du, dv, eu, ev);
}

/** A row of one level: its place for the first pixel, the steps to the next pixel, and those to the row below. */
function sampleLevel(
  dst: usize,
  count: i32,
  depth: i32,
  u: i64,
  v: i64,
  du: i64,
  dv: i64,
  eu: i64,
  ev: i64,
): void {
  let pixels = bitmap;
  let width = bitmapWidth;
  let height = bitmapHeight;
  let next = levels;
  for (let i = 0; i < depth; i++) {
    pixels = next;
    width = (width + 1) >> 1;
    height = (height + 1) >> 1;
    next += (<usize>width * <usize>height) << 2;
  }
  const acrossX = placesOf(ratioX, depth);
  const acrossY = placesOf(ratioY, depth);
  const spreadX = <i64>(spreadOf(ratioX, depth, acrossX) * 65536);
  const spreadY = <i64>(spreadOf(ratioY, depth, acrossY) * 65536);
  if (isUpright) {
    uprightRow(
      dst,
      count,
      pixels,
      width,
      height,
      u,
      v,
      du,
      ev,
      acrossX,
      acrossY,
      spreadX,
      spreadY,
      scratch + UPRIGHT_OFFSET,
    );
    return;
  }
  const row = scratch;
  const sums = scratch + SUMS_OFFSET;
  for (let j = 0; j < acrossY; j++) {
    const down = offsetOf(j, acrossY, spreadY);
    for (let i = 0; i < acrossX; i++) {
      const right = offsetOf(i, acrossX, spreadX);
      const shiftU = (du * right + eu * down) >> 16;
      const shiftV = (dv * right + ev * down) >> 16;
      affineRow(row, count, pixels, width, height, u + shiftU, v + shiftV, du, dv);
      addRow(sums, row, count, (i | j) == 0);
    }
  }
  meanRow(dst, sums, count, acrossX * acrossY);
}
