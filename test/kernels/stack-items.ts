import { SAMPLE_PERSPECTIVE } from '../../src/memory/records.js';
import type { Bitmap } from '../../src/compositor/bitmaps.js';
import type { BitmapItem, Item, StackItem } from '../../src/compositor/items/item.js';
import type { Rect } from '../../src/memory/region.js';

const PLAIN = { name: '', opacity: 256, blend: 0, variant: 0, params: [], color: 0 };

/** `color` is premultiplied RGBA bytes; opacity 0 to 256. */
export function solid(bounds: Rect, color: readonly number[], opacity = 256, blend = 0): StackItem {
  const word = Buffer.from(color).readInt32LE();
  return { ...PLAIN, kind: 'solid', bounds, color: word, opacity, blend };
}

export function group(bounds: Rect, content: readonly Item[], opacity = 256, blend = 0): Item[] {
  return [
    { ...PLAIN, kind: 'begin', bounds },
    ...content,
    { ...PLAIN, kind: 'end', bounds, opacity, blend },
  ];
}

/** A mask drawn inside `drawn`, which works inside `bounds`. */
export function mask(
  drawn: Rect,
  bounds: Rect,
  content: readonly Item[],
  variant: number,
  gain: number,
  bias: number,
): Item[] {
  return [
    { ...PLAIN, kind: 'begin', bounds: drawn },
    ...content,
    { ...PLAIN, kind: 'mask', bounds, variant, params: [gain, bias] },
  ];
}

export function ramp(bounds: Rect, variant: number, params: readonly number[]): StackItem {
  return { ...PLAIN, kind: 'ramp', bounds, variant, params };
}

export function matrix(bounds: Rect, params: readonly number[]): StackItem {
  return { ...PLAIN, kind: 'matrix', bounds, params };
}

export function key(bounds: Rect, params: readonly number[]): StackItem {
  return { ...PLAIN, kind: 'key', bounds, params };
}

/** A bitmap; `view` takes program pixels to its own, nine coefficients. */
export function perspective(bounds: Rect, bitmap: Bitmap, view: readonly number[]): BitmapItem {
  return {
    kind: 'bitmap',
    name: '',
    bitmap,
    levels: null,
    part: null,
    bounds,
    cover: { x0: 0, y0: 0, x1: 0, y1: 0 },
    opacity: 256,
    blend: 0,
    sample: SAMPLE_PERSPECTIVE,
    sampling: view,
  };
}
