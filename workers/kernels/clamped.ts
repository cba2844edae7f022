import {
  ITEM_BITMAP,
  ITEM_PART_X0,
  ITEM_PART_X1,
  ITEM_PART_Y0,
  ITEM_PART_Y1,
  ITEM_SRC_WIDTH,
  ITEM_U0,
  ITEM_UX,
  ITEM_UY,
  ITEM_V0,
  ITEM_VX,
  ITEM_VY,
} from '../../src/memory/records';
import { reducedReach, reducedWithin } from './reduced';
import { partWithin, placeWithin } from './rows';

/**
 * Bitmaps of which only a part may be seen, such as pictures that are panned: at the edges of the part its own pixels
 * go on, so that nothing is seen of those beyond.
 */

/** What is further away from the part than this, in bitmap pixels, 16.16, is cut off by the item's bounds or a mask. */
const FAR: i64 = 131072;

/**
 * Which of `count` program pixels from (x, y) on see nothing but the part: first index in the upper half of the answer,
 * the one after the last in the lower.
 */
export function innerPart(item: usize, x: i32, y: i32, count: i32, isReduced: bool): u64 {
  const ux = load<i64>(item + ITEM_UX);
  const vx = load<i64>(item + ITEM_VX);
  const u = ux * <i64>x + load<i64>(item + ITEM_UY) * <i64>y + load<i64>(item + ITEM_U0);
  const v = vx * <i64>x + load<i64>(item + ITEM_VY) * <i64>y + load<i64>(item + ITEM_V0);
  const reach = isReduced ? reducedReach() : 0;
  const lowU = (<i64>load<i32>(item + ITEM_PART_X0) << 16) + reach;
  const lowV = (<i64>load<i32>(item + ITEM_PART_Y0) << 16) + reach;
  const highU = (<i64>(load<i32>(item + ITEM_PART_X1) - 1) << 16) - reach;
  const highV = (<i64>(load<i32>(item + ITEM_PART_Y1) - 1) << 16) - reach;
  const inU = partWithin(count, u, ux, lowU, highU);
  const inV = partWithin(count, v, vx, lowV, highV);
  const from = max(inU >>> 32, inV >>> 32);
  const to = max(from, min(inU & 0xffffffff, inV & 0xffffffff));
  return (from << 32) | to;
}

/** Fills the pixels `from` to `to` (excluded) of a row at `row` that begins with program pixel (x, y). */
export function clampedRow(item: usize, row: usize, from: i32, to: i32, x: i32, y: i32, isReduced: bool): void {
  if (from >= to) return;
  const bitmap = load<usize>(item + ITEM_BITMAP);
  const width = load<i32>(item + ITEM_SRC_WIDTH);
  const x0 = load<i32>(item + ITEM_PART_X0);
  const y0 = load<i32>(item + ITEM_PART_Y0);
  const x1 = load<i32>(item + ITEM_PART_X1);
  const y1 = load<i32>(item + ITEM_PART_Y1);
  const ux = load<i64>(item + ITEM_UX);
  const vx = load<i64>(item + ITEM_VX);
  const u0 = load<i64>(item + ITEM_UY) * <i64>y + load<i64>(item + ITEM_U0);
  const v0 = load<i64>(item + ITEM_VY) * <i64>y + load<i64>(item + ITEM_V0);
  const beyond = FAR + (isReduced ? reducedReach() : 0);
  for (let i = from; i < to; i++) {
    const u = ux * <i64>(x + i) + u0;
    const v = vx * <i64>(x + i) + v0;
    const isFar =
      u < (<i64>x0 << 16) - beyond ||
      v < (<i64>y0 << 16) - beyond ||
      u > (<i64>x1 << 16) + beyond ||
      v > (<i64>y1 << 16) + beyond;
    let pixel: u32 = 0;
    if (!isFar) {
      pixel = isReduced
        ? reducedWithin(u, v, x0, y0, x1, y1)
        : placeWithin(bitmap, width, x0, y0, x1, y1, u, v);
    }
    store<u32>(row + (<usize>i << 2), pixel);
  }
}
