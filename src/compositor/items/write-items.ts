import {
  ITEM_BITMAP,
  ITEM_BLEND,
  ITEM_BYTES,
  ITEM_COVER_X0,
  ITEM_COVER_X1,
  ITEM_COVER_Y0,
  ITEM_COVER_Y1,
  ITEM_KIND,
  ITEM_LEVELS,
  ITEM_LINK,
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
  ITEM_VARIANT,
  ITEM_VX,
  ITEM_VY,
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
} from '../../memory/records.js';
import type { BitmapItem, Item, StackItem } from './item.js';

const KINDS: Readonly<Record<Item['kind'], number>> = {
  bitmap: KIND_BITMAP,
  solid: KIND_SOLID,
  begin: KIND_BEGIN,
  end: KIND_END,
  mask: KIND_MASK,
  ramp: KIND_RAMP,
  matrix: KIND_MATRIX,
  key: KIND_KEY,
};

/** Where the coefficients of an affine sampling stand, in their order. */
const AFFINE_FIELDS = [ITEM_UX, ITEM_UY, ITEM_U0, ITEM_VX, ITEM_VY, ITEM_V0] as const;

/** Writes the records of a draw list from `offset` on, with the links between the ends of each buffer. */
export function writeItems(
  view: DataView<SharedArrayBuffer>,
  offset: number,
  items: readonly Item[],
): void {
  const open: number[] = [];
  items.forEach((item, i) => {
    const at = offset + i * ITEM_BYTES;
    writeHead(view, at, item);
    if (item.kind === 'bitmap') {
      writeBitmap(view, at, item);
      return;
    }
    writeStep(view, at, item);
    if (item.kind === 'begin') {
      // A list that was cut off has no end for it: then it links to itself, and is not drawn.
      view.setInt32(at + ITEM_LINK, i, true);
      open.push(i);
    }
    const begin = item.kind === 'end' || item.kind === 'mask' ? open.pop() : undefined;
    if (begin === undefined) return;
    view.setInt32(at + ITEM_LINK, begin, true);
    view.setInt32(offset + begin * ITEM_BYTES + ITEM_LINK, i, true);
  });
}

function writeHead(view: DataView<SharedArrayBuffer>, at: number, item: Item): void {
  view.setInt32(at + ITEM_KIND, KINDS[item.kind], true);
  view.setInt32(at + ITEM_X0, item.bounds.x0, true);
  view.setInt32(at + ITEM_Y0, item.bounds.y0, true);
  view.setInt32(at + ITEM_X1, item.bounds.x1, true);
  view.setInt32(at + ITEM_Y1, item.bounds.y1, true);
  view.setInt32(at + ITEM_OPACITY, item.opacity, true);
  view.setInt32(at + ITEM_BLEND, item.blend, true);
}

function writeStep(view: DataView<SharedArrayBuffer>, at: number, item: StackItem): void {
  view.setInt32(at + ITEM_BITMAP, item.color, true);
  view.setInt32(at + ITEM_VARIANT, item.variant, true);
  item.params.forEach((value, i) => {
    view.setFloat32(at + ITEM_PARAMS + 4 * i, value, true);
  });
}

const TWO_TO_32 = 2 ** 32;

/** Writes an integer of up to 53 bits as 64: a BigInt for each would be garbage in every frame. */
function setInt64(view: DataView<SharedArrayBuffer>, at: number, value: number): void {
  view.setInt32(at, value, true);
  view.setInt32(at + 4, Math.floor(value / TWO_TO_32), true);
}

function writeBitmap(view: DataView<SharedArrayBuffer>, at: number, item: BitmapItem): void {
  const i32 = (field: number, value: number): void => {
    view.setInt32(at + field, value, true);
  };
  i32(ITEM_BITMAP, item.bitmap.offset);
  i32(ITEM_LEVELS, item.levels?.offset ?? 0);
  i32(ITEM_SRC_WIDTH, item.bitmap.content.widthPx);
  i32(ITEM_SRC_HEIGHT, item.bitmap.content.heightPx);
  i32(ITEM_COVER_X0, item.cover.x0);
  i32(ITEM_COVER_Y0, item.cover.y0);
  i32(ITEM_COVER_X1, item.cover.x1);
  i32(ITEM_COVER_Y1, item.cover.y1);
  i32(ITEM_SAMPLE, item.sample);
  if (item.sample === SAMPLE_PERSPECTIVE) {
    item.sampling.forEach((value, i) => {
      view.setFloat64(at + ITEM_PARAMS + 8 * i, value, true);
    });
    return;
  }
  const { widthPx, heightPx } = item.bitmap.content;
  i32(ITEM_PART_X0, item.part?.x0 ?? 0);
  i32(ITEM_PART_Y0, item.part?.y0 ?? 0);
  i32(ITEM_PART_X1, item.part?.x1 ?? widthPx);
  i32(ITEM_PART_Y1, item.part?.y1 ?? heightPx);
  for (let i = 0; i < AFFINE_FIELDS.length; i++)
    setInt64(view, at + (AFFINE_FIELDS[i] ?? 0), item.sampling[i] ?? 0);
}
