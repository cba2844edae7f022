import { BITMAP_HEADER_BYTES, BITMAP_SPAN_BYTES, ITEM_BYTES } from './records.js';

/**
 * A bitmap in the heap:
 *
 *     ┌ header ─────────────┬ pixels ───────────┬ spans ─────────────────────┬ items ────────────┐
 *     │ BITMAP_HEADER_BYTES │ width × height ×4 │ height × BITMAP_SPAN_BYTES │ count × ITEM_BYTES│
 *     └─────────────────────┴▲──────────────────┴────────────────────────────┴───────────────────┘
 *                            └ its offset
 *
 * Only a bitmap that is drawn by items has some. They are written by the stitcher before the task message that orders
 * the paint, and read by the painter.
 */

const BYTES_PER_PX = 4;
const ITEM_ALIGN_BYTES = 64;

/** Where the items of a bitmap stand. */
export function bitmapItemsOffset(offset: number, widthPx: number, heightPx: number): number {
  const end = offset + heightPx * (widthPx * BYTES_PER_PX + BITMAP_SPAN_BYTES);
  return Math.ceil(end / ITEM_ALIGN_BYTES) * ITEM_ALIGN_BYTES;
}

/** What a bitmap takes in the heap, header and all. */
export function bitmapBytes(widthPx: number, heightPx: number, itemCount: number): number {
  const pixels = heightPx * (widthPx * BYTES_PER_PX + BITMAP_SPAN_BYTES);
  const items = itemCount === 0 ? 0 : ITEM_ALIGN_BYTES + itemCount * ITEM_BYTES;
  return BITMAP_HEADER_BYTES + pixels + items;
}

/** The sizes of a bitmap's levels (see LEVEL_ in records.ts), the largest first; none of a single pixel. */
export function levelSizes(
  widthPx: number,
  heightPx: number,
): { readonly widthPx: number; readonly heightPx: number }[] {
  const sizes = [];
  for (let [w, h] = [widthPx, heightPx]; w > 1 || h > 1;) {
    [w, h] = [Math.ceil(w / 2), Math.ceil(h / 2)];
    sizes.push({ widthPx: w, heightPx: h });
  }
  return sizes;
}
