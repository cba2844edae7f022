import {
  ITEM_BYTES,
  JOB_BACKGROUND,
  JOB_HEADER_BYTES,
  JOB_ITEMS,
  MAX_ITEMS,
  TILE_ALIGN_PX,
  TILE_BYTES,
  TILE_HEIGHT,
  TILE_MAX_PX,
  TILE_MAX_WIDTH_PX,
  TILE_PATCH,
  TILE_WIDTH,
  TILE_X,
  TILE_Y,
} from '../../src/memory/records';
import { rowsToI420 } from './convert';
import { closedCount, depthOf, drawItems, openStack, topmostHiding } from './stack';

/**
 * Draws tile `index` of the job in `slot` and leaves its I420 patch where the tile says. `scratch` is the lane's
 * own: the tile's pixels, then rows. Where groups are open, their buffers share the room of the pixels, and the tile
 * is drawn in bands that are as much lower.
 */
export function renderTile(slot: usize, index: i32, scratch: usize): void {
  const items = slot + JOB_HEADER_BYTES;
  const itemCount = closedCount(items, load<i32>(slot + JOB_ITEMS));
  const tile = items + MAX_ITEMS * ITEM_BYTES + <usize>index * TILE_BYTES;
  const x = load<i32>(tile + TILE_X);
  const y = load<i32>(tile + TILE_Y);
  const width = load<i32>(tile + TILE_WIDTH);
  const height = load<i32>(tile + TILE_HEIGHT);
  const right = x + width;
  const padded = (width + TILE_ALIGN_PX - 1) & -TILE_ALIGN_PX;
  const stride = (<usize>padded) << 2;
  const rows = scratch + (TILE_MAX_PX << 2);
  const buffers = 1 + depthOf(items, itemCount, x, y, right, y + height);
  // Even, for chroma; a row of the widest tile fits more than twice with all buffers.
  const bandHeight = min(height, (TILE_MAX_PX / (padded * buffers)) & -2);

  const chroma = <usize>(padded >> 1);
  const luma = load<usize>(tile + TILE_PATCH);
  const u = luma + <usize>padded * <usize>height;
  const v = u + chroma * <usize>(height >> 1);
  for (let done = 0; done < height; done += bandHeight) {
    const rowCount = min(bandHeight, height - done);
    const band = y + done;
    const bottom = band + rowCount;
    openStack(items, rows, stride, stride * <usize>bandHeight, x, band);
    const first = topmostHiding(0, itemCount, x, band, right, bottom);
    if (first < 0 || width != padded) {
      const background = i32x4.splat(load<i32>(slot + JOB_BACKGROUND));
      const end = scratch + stride * <usize>rowCount;
      for (let at = scratch; at < end; at += 16) v128.store(at, background);
    }
    drawItems(max(first, 0), itemCount, scratch, 0, x, band, right, bottom);
    rowsToI420(
      scratch,
      padded,
      rowCount,
      luma + <usize>done * <usize>padded,
      u + <usize>(done >> 1) * chroma,
      v + <usize>(done >> 1) * chroma,
    );
  }
}

/**
 * Draws `count` items at `items` into a bitmap of `width` × `height` premultiplied pixels at `dst`, transparent where
 * nothing is drawn. Its top left is where the items have pixel (x, y). `scratch` is a lane's.
 */
export function composeBitmap(
  items: usize,
  count: i32,
  x: i32,
  y: i32,
  width: i32,
  height: i32,
  dst: usize,
  scratch: usize,
): void {
  const rows = scratch + (TILE_MAX_PX << 2);
  const itemCount = closedCount(items, count);
  for (let left = 0; left < width; left += TILE_MAX_WIDTH_PX) {
    const partWidth = min(TILE_MAX_WIDTH_PX, width - left);
    const x0 = x + left;
    const x1 = x0 + partWidth;
    const stride = (<usize>partWidth) << 2;
    const buffers = 1 + depthOf(items, itemCount, x0, y, x1, y + height);
    const bandHeight = max(1, TILE_MAX_PX / (partWidth * buffers));
    for (let done = 0; done < height; done += bandHeight) {
      const rowCount = min(bandHeight, height - done);
      const band = y + done;
      openStack(items, rows, stride, stride * <usize>bandHeight, x0, band);
      memory.fill(scratch, 0, stride * <usize>rowCount);
      drawItems(0, itemCount, scratch, 0, x0, band, x1, band + rowCount);
      for (let row = 0; row < rowCount; row++) {
        const at = dst + ((<usize>(done + row) * <usize>width + <usize>left) << 2);
        memory.copy(at, scratch + <usize>row * stride, stride);
      }
    }
  }
}
