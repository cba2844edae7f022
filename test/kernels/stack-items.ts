import {
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
  ITEM_PARAM_COUNT,
  ITEM_PARAMS,
  ITEM_SRC_HEIGHT,
  ITEM_SRC_WIDTH,
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
  SAMPLE_PERSPECTIVE,
} from '../../src/memory/records.js';
import type { Bitmap } from '../../src/program/bitmaps.js';
import type { Item } from '../../src/program/draw-list.js';
import type { Rect } from '../../src/scene/region.js';

/** An item that no draw list has made. */
export type StackItem = {
  /** KIND_ of the records. */
  readonly op: number;
  readonly bounds: Rect;
  /** 0 to 256. */
  readonly opacity: number;
  readonly blend: number;
  readonly variant: number;
  readonly params: readonly number[];
  /** Premultiplied RGBA bytes. */
  readonly color: readonly number[];
  /** In perspective; `params` are f64 then. */
  readonly bitmap: Bitmap | null;
};

export type AnyItem = Item | StackItem;

const PLAIN = { opacity: 256, blend: 0, variant: 0, params: [], color: [], bitmap: null };

export function solid(bounds: Rect, color: readonly number[], opacity = 256, blend = 0): StackItem {
  return { ...PLAIN, op: KIND_SOLID, bounds, color, opacity, blend };
}

export function group(
  bounds: Rect,
  content: readonly AnyItem[],
  opacity = 256,
  blend = 0,
): AnyItem[] {
  return [
    { ...PLAIN, op: KIND_BEGIN, bounds },
    ...content,
    { ...PLAIN, op: KIND_END, bounds, opacity, blend },
  ];
}

/** A mask drawn inside `drawn`, which works inside `bounds`. */
export function mask(
  drawn: Rect,
  bounds: Rect,
  content: readonly AnyItem[],
  variant: number,
  gain: number,
  bias: number,
): AnyItem[] {
  return [
    { ...PLAIN, op: KIND_BEGIN, bounds: drawn },
    ...content,
    { ...PLAIN, op: KIND_MASK, bounds, variant, params: [gain, bias] },
  ];
}

export function ramp(bounds: Rect, variant: number, params: readonly number[]): StackItem {
  return { ...PLAIN, op: KIND_RAMP, bounds, variant, params };
}

export function matrix(bounds: Rect, params: readonly number[]): StackItem {
  return { ...PLAIN, op: KIND_MATRIX, bounds, params };
}

export function key(bounds: Rect, params: readonly number[]): StackItem {
  return { ...PLAIN, op: KIND_KEY, bounds, params };
}

/** A bitmap; `view` takes program pixels to its own, nine coefficients. */
export function perspective(bounds: Rect, bitmap: Bitmap, view: readonly number[]): StackItem {
  const variant = SAMPLE_PERSPECTIVE;
  return { ...PLAIN, op: KIND_BITMAP, bounds, variant, params: view, bitmap };
}

/** Writes an item's record at `offset`; its link is written apart. */
export function writeStackItem(
  view: DataView<SharedArrayBuffer>,
  offset: number,
  item: StackItem,
): void {
  const { op, bounds, color, params } = item;
  const fields: readonly (readonly [field: number, value: number])[] = [
    [ITEM_KIND, op],
    [ITEM_X0, bounds.x0],
    [ITEM_Y0, bounds.y0],
    [ITEM_X1, bounds.x1],
    [ITEM_Y1, bounds.y1],
    [ITEM_OPACITY, item.opacity],
    [ITEM_BLEND, item.blend],
    [ITEM_VARIANT, item.variant],
  ];
  for (const [field, value] of fields) view.setInt32(offset + field, value, true);
  color.forEach((value, i) => {
    view.setUint8(offset + ITEM_BITMAP + i, value);
  });
  if (item.bitmap !== null) {
    const { widthPx, heightPx } = item.bitmap.content;
    view.setInt32(offset + ITEM_BITMAP, item.bitmap.offset, true);
    view.setInt32(offset + ITEM_SRC_WIDTH, widthPx, true);
    view.setInt32(offset + ITEM_SRC_HEIGHT, heightPx, true);
    for (const field of [ITEM_COVER_X0, ITEM_COVER_Y0, ITEM_COVER_X1, ITEM_COVER_Y1])
      view.setInt32(offset + field, 0, true);
    params.forEach((value, i) => {
      view.setFloat64(offset + ITEM_PARAMS + 8 * i, value, true);
    });
    return;
  }
  // What a kind does not have is no number, so that it shows when a kernel reads it.
  for (let i = 0; i < ITEM_PARAM_COUNT; i++)
    view.setFloat32(offset + ITEM_PARAMS + 4 * i, params[i] ?? NaN, true);
}

/** Links every BEGIN of the records at `offset` with what closes it. Those that nothing closes are linked to their end. */
export function linkItems(
  view: DataView<SharedArrayBuffer>,
  offset: number,
  items: readonly AnyItem[],
): void {
  const open: number[] = [];
  const link = (index: number, value: number): void => {
    view.setInt32(offset + index * ITEM_BYTES + ITEM_LINK, value, true);
  };
  items.forEach((item, i) => {
    if (!('op' in item)) return;
    if (item.op === KIND_BEGIN) open.push(i);
    if (item.op !== KIND_END && item.op !== KIND_MASK) return;
    const begin = open.pop() ?? 0;
    link(begin, i);
    link(i, begin);
  });
  for (const begin of open) link(begin, items.length);
}
