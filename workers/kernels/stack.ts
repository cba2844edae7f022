import {
  BITMAP_HEADER_BYTES,
  BITMAP_OPAQUE,
  ITEM_BITMAP,
  ITEM_BLEND,
  ITEM_BYTES,
  ITEM_COVER_X0,
  ITEM_COVER_X1,
  ITEM_COVER_Y0,
  ITEM_COVER_Y1,
  ITEM_KIND,
  ITEM_LINK,
  ITEM_OPACITY,
  ITEM_PARAMS,
  ITEM_VARIANT,
  ITEM_X0,
  ITEM_X1,
  ITEM_Y0,
  ITEM_Y1,
  KIND_BEGIN,
  KIND_BITMAP,
  KIND_END,
  KIND_KEY,
  KIND_MASK,
  KIND_MATRIX,
  KIND_RAMP,
  KIND_SOLID,
  MAX_DEPTH,
} from '../../src/memory/records';
import { drawBitmap, isPainted } from './bitmap';
import { BLEND_NORMAL, blendRow } from './blend';
import { keyPixels } from './chroma-key';
import { matrixPixels } from './color-matrix';
import { maskRow, unmaskedRow } from './mask';
import { overRow } from './over';
import { rampRow } from './ramp';

/**
 * Runs the items of a job over a part of the frame. Buffers lie one behind the other, each as large as the part, so
 * that a program pixel has the same place in all of them; of a group's only what its bounds cover is ever touched.
 */

/** What is being drawn, set by `openStack`. Every thread has an instance of the kernels, and these, of its own. */
let items: usize = 0;
let rows: usize = 0;
let stride: usize = 0;
let bufferBytes: usize = 0;
let left: i32 = 0;
let top: i32 = 0;

/**
 * Items at `itemsAt`, for a part of the frame whose top left is program pixel (x, y); buffers have rows of
 * `rowStride` bytes and begin `bytes` apart; `rowsAt` is room for three rows of WORKER_ROW_BYTES.
 */
export function openStack(itemsAt: usize, rowsAt: usize, rowStride: usize, bytes: usize, x: i32, y: i32): void {
  items = itemsAt;
  rows = rowsAt;
  stride = rowStride;
  bufferBytes = bytes;
  left = x;
  top = y;
}

// @ts-ignore: decorator
@inline
function itemAt(index: i32): usize {
  return items + <usize>index * ITEM_BYTES;
}

/** A program pixel's place in a buffer. */
// @ts-ignore: decorator
@inline
function placeOf(buffer: usize, x: i32, y: i32): usize {
  return buffer + <usize>(y - top) * stride + (<usize>(x - left) << 2);
}

/** How many of the items can be run: not the group whose end was cut off with those that were too many. */
export function closedCount(itemsAt: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const item = itemsAt + <usize>i * ITEM_BYTES;
    if (load<i32>(item + ITEM_KIND) != KIND_BEGIN) continue;
    const closing = load<i32>(item + ITEM_LINK);
    if (closing <= i || closing >= count) return i;
    i = closing;
  }
  return count;
}

/** Most buffers that are open at once, above the lowest, in the part x0 to y1 of the frame. */
export function depthOf(itemsAt: usize, count: i32, x0: i32, y0: i32, x1: i32, y1: i32): i32 {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < count; i++) {
    const item = itemsAt + <usize>i * ITEM_BYTES;
    const kind = load<i32>(item + ITEM_KIND);
    if (kind == KIND_END || kind == KIND_MASK) depth--;
    if (kind != KIND_BEGIN) continue;
    const isInBackground =
      load<i32>(item + ITEM_X0) >= x1 ||
      load<i32>(item + ITEM_Y0) >= y1 ||
      load<i32>(item + ITEM_X1) <= x0 ||
      load<i32>(item + ITEM_Y1) <= y0;
    if (isInBackground) i = load<i32>(item + ITEM_LINK);
    else deepest = max(deepest, ++depth);
  }
  return min(deepest, MAX_DEPTH);
}

/** Whether an item alone decides every pixel of the part, so that nothing below it in its buffer needs drawing. */
function hides(item: usize, x0: i32, y0: i32, x1: i32, y1: i32): bool {
  if (load<i32>(item + ITEM_OPACITY) != 256 || load<i32>(item + ITEM_BLEND) != BLEND_NORMAL) return false;
  if (load<i32>(item + ITEM_KIND) == KIND_SOLID) {
    return (
      load<u32>(item + ITEM_BITMAP) >= 0xff000000 &&
      load<i32>(item + ITEM_X0) <= x0 &&
      load<i32>(item + ITEM_Y0) <= y0 &&
      load<i32>(item + ITEM_X1) >= x1 &&
      load<i32>(item + ITEM_Y1) >= y1
    );
  }
  return (
    load<i32>(item + ITEM_COVER_X0) <= x0 &&
    load<i32>(item + ITEM_COVER_Y0) <= y0 &&
    load<i32>(item + ITEM_COVER_X1) >= x1 &&
    load<i32>(item + ITEM_COVER_Y1) >= y1 &&
    isPainted(load<usize>(item + ITEM_BITMAP)) &&
    load<i32>(load<usize>(item + ITEM_BITMAP) - BITMAP_HEADER_BYTES + BITMAP_OPAQUE) != 0
  );
}

/**
 * The topmost of the items `from` to `to` (excluded) that hides all below it in their buffer, or from - 1. Groups
 * are passed over: what is in them is in buffers of their own.
 */
export function topmostHiding(from: i32, to: i32, x0: i32, y0: i32, x1: i32, y1: i32): i32 {
  let i = to - 1;
  for (; i >= from; i--) {
    const item = itemAt(i);
    const kind = load<i32>(item + ITEM_KIND);
    if (kind == KIND_END || kind == KIND_MASK) i = load<i32>(item + ITEM_LINK);
    else if (kind <= KIND_SOLID && hides(item, x0, y0, x1, y1)) return i;
  }
  return from - 1;
}

/** Runs items `from` to `to` (excluded) on the buffer, which is the `depth`-th above the lowest, inside of x0 to y1. */
export function drawItems(from: i32, to: i32, buffer: usize, depth: i32, x0: i32, y0: i32, x1: i32, y1: i32): void {
  for (let i = from; i < to; i++) {
    const item = itemAt(i);
    const kind = load<i32>(item + ITEM_KIND);
    const ix0 = max(x0, load<i32>(item + ITEM_X0));
    const iy0 = max(y0, load<i32>(item + ITEM_Y0));
    const ix1 = min(x1, load<i32>(item + ITEM_X1));
    const iy1 = min(y1, load<i32>(item + ITEM_Y1));
    if (kind == KIND_BEGIN) {
      const closing = load<i32>(item + ITEM_LINK);
      if (depth < MAX_DEPTH) {
        const isInBackground = ix0 >= ix1 || iy0 >= iy1;
        if (!isInBackground) drawGroup(i + 1, closing, buffer + bufferBytes, depth + 1, ix0, iy0, ix1, iy1);
        const end = itemAt(closing);
        if (load<i32>(end + ITEM_KIND) == KIND_MASK) {
          if (depth > 0) mask(end, buffer, x0, y0, x1, y1, ix0, iy0, ix1, iy1);
        } else if (!isInBackground) {
          compositeGroup(end, buffer, ix0, iy0, ix1, iy1);
        }
      }
      i = closing;
      continue;
    }
    if (ix0 >= ix1 || iy0 >= iy1) continue;
    if (kind == KIND_BITMAP) {
      if (isPainted(load<usize>(item + ITEM_BITMAP))) {
        drawBitmap(item, buffer, stride, rows, left, top, ix0, iy0, ix1, iy1);
      }
    } else if (kind == KIND_SOLID) {
      drawSolid(item, buffer, ix0, iy0, ix1, iy1);
    } else if (depth > 0) {
      change(item, kind, buffer, ix0, iy0, ix1, iy1);
    }
  }
}

/** Clears the part of a buffer and runs a group's items in it. */
function drawGroup(from: i32, to: i32, buffer: usize, depth: i32, x0: i32, y0: i32, x1: i32, y1: i32): void {
  const first = topmostHiding(from, to, x0, y0, x1, y1);
  if (first < from) {
    const bytes = <usize>(x1 - x0) << 2;
    for (let y = y0; y < y1; y++) memory.fill(placeOf(buffer, x0, y), 0, bytes);
  }
  drawItems(max(first, from), to, buffer, depth, x0, y0, x1, y1);
}

/** Composites the buffer above onto this one, inside of the END's bounds. */
function compositeGroup(item: usize, buffer: usize, x0: i32, y0: i32, x1: i32, y1: i32): void {
  const opacity = load<i32>(item + ITEM_OPACITY);
  const mode = load<i32>(item + ITEM_BLEND);
  const from = max(x0, load<i32>(item + ITEM_X0));
  const count = min(x1, load<i32>(item + ITEM_X1)) - from;
  const bottom = min(y1, load<i32>(item + ITEM_Y1));
  if (count <= 0) return;
  for (let y = max(y0, load<i32>(item + ITEM_Y0)); y < bottom; y++) {
    const dst = placeOf(buffer, from, y);
    if (mode == BLEND_NORMAL) overRow(dst, dst + bufferBytes, count, opacity);
    else blendRow(dst, dst + bufferBytes, count, opacity, mode);
  }
}

/**
 * Masks this buffer with the one above, inside of the MASK's bounds and of x0 to y1. The mask was drawn from mx0 to
 * my1; beyond there it is transparent.
 */
function mask(
  item: usize,
  buffer: usize,
  x0: i32,
  y0: i32,
  x1: i32,
  y1: i32,
  mx0: i32,
  my0: i32,
  mx1: i32,
  my1: i32,
): void {
  const variant = load<i32>(item + ITEM_VARIANT);
  const gain = load<f32>(item + ITEM_PARAMS);
  const bias = load<f32>(item + ITEM_PARAMS, 4);
  const from = max(x0, load<i32>(item + ITEM_X0));
  const to = min(x1, load<i32>(item + ITEM_X1));
  const bottom = min(y1, load<i32>(item + ITEM_Y1));
  if (from >= to) return;
  for (let y = max(y0, load<i32>(item + ITEM_Y0)); y < bottom; y++) {
    const isDrawn = y >= my0 && y < my1;
    const first = isDrawn ? min(to, max(from, mx0)) : to;
    const last = isDrawn ? max(first, min(to, mx1)) : to;
    if (first > from) unmaskedRow(placeOf(buffer, from, y), first - from, bias);
    if (last > first) {
      const dst = placeOf(buffer, first, y);
      maskRow(dst, dst + bufferBytes, last - first, variant, gain, bias);
    }
    if (to > last) unmaskedRow(placeOf(buffer, last, y), to - last, bias);
  }
}

/** Composites a colour. */
function drawSolid(item: usize, buffer: usize, x0: i32, y0: i32, x1: i32, y1: i32): void {
  const color = load<u32>(item + ITEM_BITMAP);
  const opacity = load<i32>(item + ITEM_OPACITY);
  const mode = load<i32>(item + ITEM_BLEND);
  const count = x1 - x0;
  for (let i = 0; i < count; i++) store<u32>(rows + (<usize>i << 2), color);
  for (let y = y0; y < y1; y++) {
    const dst = placeOf(buffer, x0, y);
    if (mode == BLEND_NORMAL) overRow(dst, rows, count, opacity);
    else blendRow(dst, rows, count, opacity, mode);
  }
}

/** RAMP, MATRIX or KEY. */
function change(item: usize, kind: i32, buffer: usize, x0: i32, y0: i32, x1: i32, y1: i32): void {
  const count = x1 - x0;
  const params = item + ITEM_PARAMS;
  for (let y = y0; y < y1; y++) {
    const dst = placeOf(buffer, x0, y);
    if (kind == KIND_RAMP) rampRow(dst, count, x0, y, load<i32>(item + ITEM_VARIANT), params);
    else if (kind == KIND_MATRIX) matrixPixels(dst, count, params);
    else if (kind == KIND_KEY) keyPixels(dst, count, params);
  }
}
