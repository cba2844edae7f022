import type { Bitmap } from '../../src/compositor/bitmaps.js';
import type { BitmapItem } from '../../src/compositor/items/item.js';
import type { Matrix } from '../../src/compositor/lower/matrix.js';
import { placeContent } from '../../src/compositor/lower/place-bitmap.js';
import { toBitmapItem } from '../../src/compositor/realise/realise.js';
import type { Onto } from '../../src/compositor/lower/draw-list.js';

/** A bitmap as lowering and realising place it, without levels; null when nothing of it can be seen. */
export function toItem(
  name: string,
  bitmap: Bitmap,
  matrix: Matrix,
  onto: Onto,
): BitmapItem | null {
  const step = placeContent(name, bitmap.content, matrix, onto);
  return step === null ? null : toBitmapItem(step, bitmap, { levels: () => null });
}
