import {
  BITMAP_EMPTY,
  BITMAP_HEADER_BYTES,
  BITMAP_OPAQUE,
  BITMAP_PAINTED,
  BITMAP_STATE,
  ITEM_BITMAP,
  ITEM_BLEND,
  ITEM_COVER_X0,
  ITEM_COVER_X1,
  ITEM_COVER_Y0,
  ITEM_COVER_Y1,
  ITEM_LEVELS,
  ITEM_OPACITY,
  ITEM_PARAMS,
  ITEM_PART_X0,
  ITEM_PART_X1,
  ITEM_PART_Y0,
  ITEM_PART_Y1,
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
  PAINT_WAIT_NS,
  SAMPLE_AFFINE,
  SAMPLE_MOVED,
  SAMPLE_PERSPECTIVE,
  SAMPLE_SCALED,
  SAMPLE_WHOLE,
} from '../../src/memory/records';
import { BLEND_NORMAL, blendRow } from './blend';
import { overRow } from './over';
import { perspectiveRow } from './perspective';
import { openReduced, reducedPart, reducedRow } from './reduced';
import { clampedRow, innerPart } from './clamped';
import { affineRow, insideOf, movedRow, scaledRow } from './rows';

/** Whether a bitmap can be shown. Waits when another lane is still painting it. */
export function isPainted(bitmap: usize): bool {
  const header = bitmap - BITMAP_HEADER_BYTES;
  // The painter stores the state after the pixels, so PAINTED read here means that the pixels are there.
  if (atomic.load<i32>(header + BITMAP_STATE) == BITMAP_EMPTY) {
    atomic.wait<i32>(header + BITMAP_STATE, BITMAP_EMPTY, PAINT_WAIT_NS);
  }
  return atomic.load<i32>(header + BITMAP_STATE) == BITMAP_PAINTED;
}

/** Where the levels of an item's bitmap are; 0: there are none. Waits when another lane is still making them. */
function levelsOf(item: usize): usize {
  const levels = load<usize>(item + ITEM_LEVELS);
  return levels != 0 && isPainted(levels) ? levels : 0;
}

/**
 * Composites a bitmap onto the buffer at `pixels`, whose top left is program pixel (tileX, tileY), inside of x0 to y1.
 * `rows` is room for three rows of WORKER_ROW_BYTES.
 */
export function drawBitmap(
  item: usize,
  pixels: usize,
  stride: usize,
  rows: usize,
  tileX: i32,
  tileY: i32,
  x0: i32,
  y0: i32,
  x1: i32,
  y1: i32,
): void {
  const bitmap = load<usize>(item + ITEM_BITMAP);
  const width = load<i32>(item + ITEM_SRC_WIDTH);
  const height = load<i32>(item + ITEM_SRC_HEIGHT);
  const opacity = load<i32>(item + ITEM_OPACITY);
  const mode = load<i32>(item + ITEM_BLEND);
  const sample = load<i32>(item + ITEM_SAMPLE);
  const ux = load<i64>(item + ITEM_UX);
  const uy = load<i64>(item + ITEM_UY);
  const vx = load<i64>(item + ITEM_VX);
  const vy = load<i64>(item + ITEM_VY);
  const count = x1 - x0;
  const isPlain = mode == BLEND_NORMAL;
  // Where an opaque bitmap covers every pixel it replaces what is below.
  const isReplacing =
    isPlain && opacity == 256 && load<i32>(bitmap - BITMAP_HEADER_BYTES + BITMAP_OPAQUE) != 0;
  const isAffine = sample == SAMPLE_SCALED || sample == SAMPLE_AFFINE;
  const row = rows;
  const line = rows + WORKER_ROW_BYTES;
  const isReduced = isAffine && openReduced(item, levelsOf(item), line);
  const isPart =
    sample != SAMPLE_PERSPECTIVE &&
    sample != SAMPLE_WHOLE &&
    (load<i32>(item + ITEM_PART_X0) > 0 ||
      load<i32>(item + ITEM_PART_Y0) > 0 ||
      load<i32>(item + ITEM_PART_X1) < width ||
      load<i32>(item + ITEM_PART_Y1) < height);
  const spans = bitmap + ((<usize>width * <usize>height) << 2);
  for (let y = y0; y < y1; y++) {
    let u = ux * <i64>x0 + uy * <i64>y + load<i64>(item + ITEM_U0);
    let v = vx * <i64>x0 + vy * <i64>y + load<i64>(item + ITEM_V0);
    let from = 0;
    let to = count;
    if (isReduced) {
      const part = reducedPart(x0, y, count);
      from = <i32>(part >>> 32);
      to = <i32>part;
      if (from >= to) continue;
    } else if (isAffine) {
      const inU = insideOf(count, u, ux, width);
      const inV = insideOf(count, v, vx, height);
      from = max(<i32>(inU >>> 32), <i32>(inV >>> 32));
      to = min(<i32>inU, <i32>inV);
      if (from >= to) continue;
      u += ux * <i64>from;
      v += vx * <i64>from;
    } else if (sample != SAMPLE_PERSPECTIVE) {
      // Rows of a figure or a text are empty at both ends: only what is between takes part.
      const x = <i32>(u >> 16);
      const row = <i32>(v >> 16);
      const reach = i32(sample == SAMPLE_MOVED);
      let first = width;
      let last = 0;
      for (let r = max(row, 0); r <= min(row + reach, height - 1); r++) {
        const span = spans + (<usize>r << 2);
        if (load<u16>(span, 2) == 0) continue;
        first = min(first, <i32>load<u16>(span));
        last = max(last, <i32>load<u16>(span, 2));
      }
      // A pixel between two places sees its right neighbour, too.
      from = max(0, first - reach - x);
      to = min(count, last - x);
      if (from >= to) continue;
      u += <i64>from << 16;
    }
    const pixelCount = to - from;
    if (isPart) {
      // Near the edges of the part each pixel is sampled by itself, so as not to see beyond.
      const startX = x0 + from;
      const inner = innerPart(item, startX, y, pixelCount, isReduced);
      const first = <i32>(inner >>> 32);
      const last = <i32>inner;
      clampedRow(item, row, 0, first, startX, y, isReduced);
      if (last > first) {
        const at = row + (<usize>first << 2);
        const innerU = u + ux * <i64>first;
        const innerV = v + vx * <i64>first;
        if (isReduced) reducedRow(at, last - first, startX + first, y);
        else if (sample == SAMPLE_MOVED) {
          movedRow(at, last - first, bitmap, width, height, innerU, innerV, line);
        } else if (sample == SAMPLE_SCALED) {
          scaledRow(at, last - first, bitmap, width, height, innerU, innerV, ux, line);
        } else affineRow(at, last - first, bitmap, width, height, innerU, innerV, ux, vx);
      }
      clampedRow(item, row, last, pixelCount, startX, y, isReduced);
      const to = pixels + <usize>(y - tileY) * stride + ((<usize>(startX - tileX)) << 2);
      if (isPlain) overRow(to, row, pixelCount, opacity);
      else blendRow(to, row, pixelCount, opacity, mode);
      continue;
    }
    const dst = pixels + <usize>(y - tileY) * stride + ((<usize>(x0 + from - tileX)) << 2);
    const isCovered =
      isReplacing &&
      y >= load<i32>(item + ITEM_COVER_Y0) &&
      y < load<i32>(item + ITEM_COVER_Y1) &&
      x0 + from >= load<i32>(item + ITEM_COVER_X0) &&
      x0 + to <= load<i32>(item + ITEM_COVER_X1);
    let src = isCovered ? dst : row;
    if (isReduced) {
      src = row;
      reducedRow(src, pixelCount, x0 + from, y);
    } else if (sample == SAMPLE_WHOLE) {
      src = bitmap + ((<usize>(<i32>(v >> 16)) * <usize>width + <usize>(<i32>(u >> 16))) << 2);
    } else if (sample == SAMPLE_MOVED) {
      movedRow(src, pixelCount, bitmap, width, height, u, v, line);
    } else if (sample == SAMPLE_SCALED) {
      scaledRow(src, pixelCount, bitmap, width, height, u, v, ux, line);
    } else if (sample == SAMPLE_PERSPECTIVE) {
      perspectiveRow(src, pixelCount, bitmap, width, height, x0, y, item + ITEM_PARAMS, levelsOf(item), line);
    } else {
      affineRow(src, pixelCount, bitmap, width, height, u, v, ux, vx);
    }
    if (!isPlain) blendRow(dst, src, pixelCount, opacity, mode);
    else if (!isCovered) overRow(dst, src, pixelCount, opacity);
    else if (src != dst) memory.copy(dst, src, (<usize>pixelCount) << 2);
  }
}
