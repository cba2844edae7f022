import { BITMAP_FAILED } from '../../memory/records.js';
import type { Bitmap, BitmapStore } from '../bitmaps.js';
import { bitmapsOf, type LayerEntry } from './layer-entry.js';

/**
 * Looks whether what a layer waited for is there by now: then it shows that, held for the frame. If it cannot be painted,
 * that is noted, and is a failure of the layer unless it is another by the time it is seen.
 */
export function settle(
  entry: LayerEntry,
  bitmaps: BitmapStore,
  hold: (bitmap: Bitmap) => void,
): void {
  const { next, unproven } = entry;
  const isThere = (bitmap: Bitmap): boolean => bitmaps.isPainted(bitmap);
  if (unproven !== null && bitmapsOf(unproven).every(isThere)) entry.shown = unproven;
  entry.unproven = null;
  if (next === null) return;
  const failed = next.bitmaps.find((bitmap) => bitmaps.stateOf(bitmap) === BITMAP_FAILED);
  if (failed === undefined && !next.bitmaps.every(isThere)) return;
  entry.next = null;
  if (failed === undefined) {
    entry.shown = next.items;
    entry.shownDocument = next.document;
    for (const bitmap of next.bitmaps) hold(bitmap);
  }
  for (const bitmap of next.bitmaps) bitmap.uses -= 1;
  if (failed !== undefined && next.document === entry.document)
    entry.lostPaint = failed.failure ?? 'The layer could not be painted.';
}
