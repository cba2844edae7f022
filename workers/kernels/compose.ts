import {
  BITMAP_EMPTY,
  BITMAP_HEADER_BYTES,
  BITMAP_OPAQUE,
  BITMAP_PAINTED,
  BITMAP_STATE,
  ITEM_BITMAP,
  ITEM_BLEND,
  ITEM_BYTES,
  ITEM_COVER_X0,
  ITEM_COVER_X1,
  ITEM_COVER_Y0,
  ITEM_COVER_Y1,
  ITEM_OPACITY,
  ITEM_SAMPLE,
  ITEM_SRC_HEIGHT,
  ITEM_SRC_WIDTH,
  ITEM_U0,
  ITEM_UX,
  ITEM_UY,
  ITEM_V0,
  ITEM_VX,
  ITEM_VY,
  ITEM_X0,
  ITEM_X1,
  ITEM_Y0,
  ITEM_Y1,
  JOB_BACKGROUND,
  JOB_HEADER_BYTES,
  JOB_ITEMS,
  LANE_ROW_BYTES,
  MAX_ITEMS,
  PAINT_WAIT_NS,
  SAMPLE_AFFINE,
  SAMPLE_MOVED,
  SAMPLE_SCALED,
  SAMPLE_WHOLE,
  TILE_ALIGN_PX,
  TILE_BYTES,
  TILE_HEIGHT,
  TILE_MAX_PX,
  TILE_PATCH,
  TILE_WIDTH,
  TILE_X,
  TILE_Y,
} from '../../src/memory/records';
import { BLEND_NORMAL, blendRow, overRow } from './blend';
import { rgbaToI420 } from './convert';
import { affineRow, insideOf, movedRow, scaledRow } from './rows';

/** Whether a bitmap can be shown. Waits when another lane is still painting it. */
function isPainted(bitmap: usize): bool {
  const header = bitmap - BITMAP_HEADER_BYTES;
  // The painter stores the state after the pixels, so PAINTED read here means that the pixels are there.
  if (atomic.load<i32>(header + BITMAP_STATE) == BITMAP_EMPTY) {
    atomic.wait<i32>(header + BITMAP_STATE, BITMAP_EMPTY, PAINT_WAIT_NS);
  }
  return atomic.load<i32>(header + BITMAP_STATE) == BITMAP_PAINTED;
}

/** Whether an item alone decides every pixel of the tile, so that nothing below it needs drawing. */
function hides(item: usize, x0: i32, y0: i32, x1: i32, y1: i32): bool {
  return (
    load<i32>(item + ITEM_OPACITY) == 256 &&
    load<i32>(item + ITEM_BLEND) == BLEND_NORMAL &&
    load<i32>(item + ITEM_COVER_X0) <= x0 &&
    load<i32>(item + ITEM_COVER_Y0) <= y0 &&
    load<i32>(item + ITEM_COVER_X1) >= x1 &&
    load<i32>(item + ITEM_COVER_Y1) >= y1 &&
    isPainted(load<usize>(item + ITEM_BITMAP)) &&
    load<i32>(load<usize>(item + ITEM_BITMAP) - BITMAP_HEADER_BYTES + BITMAP_OPAQUE) != 0
  );
}

/** Draws one item into the tile at `pixels`, whose top left is program pixel (tileX, tileY). */
function drawItem(
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
  const row = rows;
  const line = rows + LANE_ROW_BYTES;
  const spans = bitmap + ((<usize>width * <usize>height) << 2);
  for (let y = y0; y < y1; y++) {
    let u = ux * <i64>x0 + uy * <i64>y + load<i64>(item + ITEM_U0);
    let v = vx * <i64>x0 + vy * <i64>y + load<i64>(item + ITEM_V0);
    let from = 0;
    let to = count;
    if (sample == SAMPLE_SCALED || sample == SAMPLE_AFFINE) {
      const inU = insideOf(count, u, ux, width);
      const inV = insideOf(count, v, vx, height);
      from = max(<i32>(inU >>> 32), <i32>(inV >>> 32));
      to = min(<i32>inU, <i32>inV);
      if (from >= to) continue;
      u += ux * <i64>from;
      v += vx * <i64>from;
    } else {
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
    const dst = pixels + <usize>(y - tileY) * stride + ((<usize>(x0 + from - tileX)) << 2);
    const isCovered =
      isReplacing &&
      y >= load<i32>(item + ITEM_COVER_Y0) &&
      y < load<i32>(item + ITEM_COVER_Y1) &&
      x0 + from >= load<i32>(item + ITEM_COVER_X0) &&
      x0 + to <= load<i32>(item + ITEM_COVER_X1);
    let src = isCovered ? dst : row;
    if (sample == SAMPLE_WHOLE) {
      src = bitmap + ((<usize>(<i32>(v >> 16)) * <usize>width + <usize>(<i32>(u >> 16))) << 2);
    } else if (sample == SAMPLE_MOVED) {
      movedRow(src, pixelCount, bitmap, width, height, u, v, line);
    } else if (sample == SAMPLE_SCALED) {
      scaledRow(src, pixelCount, bitmap, width, height, u, v, ux, line);
    } else {
      affineRow(src, pixelCount, bitmap, width, height, u, v, ux, vx);
    }
    if (!isPlain) blendRow(dst, src, pixelCount, opacity, mode);
    else if (!isCovered) overRow(dst, src, pixelCount, opacity);
    else if (src != dst) memory.copy(dst, src, (<usize>pixelCount) << 2);
  }
}

/**
 * Draws tile `index` of the job in `slot` and leaves its I420 patch where the tile says. `scratch` is the lane's
 * own: the tile's pixels, then rows.
 */
export function renderTile(slot: usize, index: i32, scratch: usize): void {
  const items = slot + JOB_HEADER_BYTES;
  const itemCount = load<i32>(slot + JOB_ITEMS);
  const tile = items + MAX_ITEMS * ITEM_BYTES + <usize>index * TILE_BYTES;
  const x = load<i32>(tile + TILE_X);
  const y = load<i32>(tile + TILE_Y);
  const width = load<i32>(tile + TILE_WIDTH);
  const height = load<i32>(tile + TILE_HEIGHT);
  const right = x + width;
  const bottom = y + height;
  const padded = (width + TILE_ALIGN_PX - 1) & -TILE_ALIGN_PX;
  const stride = (<usize>padded) << 2;
  const rows = scratch + (TILE_MAX_PX << 2);

  let first = itemCount - 1;
  while (first >= 0 && !hides(items + <usize>first * ITEM_BYTES, x, y, right, bottom)) first--;
  if (first < 0 || width != padded) {
    const background = i32x4.splat(load<i32>(slot + JOB_BACKGROUND));
    const end = scratch + stride * <usize>height;
    for (let at = scratch; at < end; at += 16) v128.store(at, background);
  }
  for (let i = max(first, 0); i < itemCount; i++) {
    const item = items + <usize>i * ITEM_BYTES;
    const x0 = max(x, load<i32>(item + ITEM_X0));
    const y0 = max(y, load<i32>(item + ITEM_Y0));
    const x1 = min(right, load<i32>(item + ITEM_X1));
    const y1 = min(bottom, load<i32>(item + ITEM_Y1));
    if (x0 >= x1 || y0 >= y1 || !isPainted(load<usize>(item + ITEM_BITMAP))) continue;
    drawItem(item, scratch, stride, rows, x, y, x0, y0, x1, y1);
  }
  rgbaToI420(scratch, padded, height, load<usize>(tile + TILE_PATCH));
}
