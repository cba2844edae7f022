/**
 * The way of one frame, phase "realise", in the compositor thread: from a draw list to the items that the kernels execute.
 * Pure but for the owner of the bitmaps, whom it asks for each content in order. Owns nothing.
 */

import type { Content, PictureContent } from '../../render/content.js';
import type { Bitmap } from '../bitmaps.js';
import type { BitmapItem, Item } from '../items/item.js';
import { isByLevels } from '../items/reduction.js';
import { boundsOfItems, bufferEnds, maskedBy, ramped, recoloured } from '../items/stack.js';
import { composedPiece } from '../lower/composed.js';
import type {
  BufferStep,
  ComposedStep,
  DrawStep,
  Effect,
  LayerStep,
  PieceStep,
} from '../lower/draw-list.js';
import { placedPiece } from '../lower/frame.js';
import type { Rect } from '../../memory/region.js';

/** Who has the bitmaps of a draw list, and knows what becomes of layers that lack some. */
export type BitmapOwner = {
  /** The bitmap of a content; null when it is not to be had, now or at all. */
  bitmap(content: Content | PictureContent): Bitmap | null;
  /** The bitmap of a content that items draw. */
  composed(content: Content, items: readonly Item[]): Bitmap | null;
  /** The levels of a bitmap; null as long as they are not to be had. */
  levels(bitmap: Bitmap): Bitmap | null;
  /** What is seen of a layer. */
  layer(step: LayerStep): readonly Item[];
};

/** The items of steps, in order, as the kernels execute them. */
export function toItems(steps: readonly DrawStep[], owner: BitmapOwner): Item[] {
  const items: Item[] = [];
  for (const step of steps) append(items, step, owner);
  return items;
}

function append(items: Item[], step: DrawStep, owner: BitmapOwner): void {
  switch (step.kind) {
    case 'solid':
      items.push(step);
      break;
    case 'piece': {
      const bitmap = owner.bitmap(step.content);
      if (bitmap !== null) items.push(toBitmapItem(step, bitmap, owner));
      break;
    }
    case 'buffer':
      appendBuffer(items, step, owner);
      break;
    case 'composed': {
      const item = toComposedItem(step, owner);
      if (item !== null) items.push(item);
      break;
    }
    case 'layer':
      for (const item of owner.layer(step)) items.push(item);
  }
}

/** A content's place with its bitmap, and that one's levels where it is shown so small that they are sampled. */
export function toBitmapItem(
  step: PieceStep,
  bitmap: Bitmap,
  owner: Pick<BitmapOwner, 'levels'>,
): BitmapItem {
  const { name, part, bounds, cover, opacity, blend, sample, sampling } = step;
  const levels = isByLevels(step) ? owner.levels(bitmap) : null;
  return {
    kind: 'bitmap',
    name,
    bitmap,
    levels,
    part,
    bounds,
    cover,
    opacity,
    blend,
    sample,
    sampling,
  };
}

function appendBuffer(items: Item[], step: BufferStep, owner: BitmapOwner): void {
  const { name, inner, effects, blending } = step;
  const own = toItems(inner, owner);
  const bounds = boundsOfItems(own);
  if (bounds === null) return;
  const [begin, end] = bufferEnds(name, bounds, blending);
  items.push(begin, ...own);
  for (const effect of effects) items.push(...effectItems(effect, bounds, owner));
  items.push(end);
}

function effectItems(effect: Effect, bounds: Rect, owner: BitmapOwner): readonly Item[] {
  const { name } = effect;
  switch (effect.kind) {
    case 'mask':
      return maskedBy(name, toItems(effect.inner, owner), effect.levels, bounds);
    case 'matrix':
      return [recoloured(name, effect.params, bounds)];
    case 'ramp':
      return [ramped(name, effect.variant, effect.params, bounds)];
  }
}

/** Steps as one bitmap, which is painted anew only when something in it changes. */
function toComposedItem(step: ComposedStep, owner: BitmapOwner): BitmapItem | null {
  const { inner, style, unitPx, frame, onto } = step;
  const items = toItems(inner, owner);
  const bounds = boundsOfItems(items);
  if (bounds === null) return null;
  const composed = { key: keyOf(items), count: items.length, bounds };
  const piece = composedPiece(style, composed, unitPx);
  if (!('drawing' in piece.content)) return null;
  const bitmap = owner.composed(piece.content, items);
  const placed = bitmap === null ? null : placedPiece(piece, frame, onto);
  return bitmap === null || placed === null ? null : toBitmapItem(placed, bitmap, owner);
}

/** Two lists with the same key draw the same pixels. */
function keyOf(items: readonly Item[]): string {
  return JSON.stringify(
    items.map((item) =>
      item.kind === 'bitmap'
        ? [
            item.bitmap.serial,
            item.levels?.serial ?? 0,
            item.part,
            item.bounds,
            item.opacity,
            item.blend,
            item.sampling,
          ]
        : [item.kind, item.bounds, item.opacity, item.blend, item.color, item.variant, item.params],
    ),
  );
}
