import { MAX_PAINTED_PX, PLAIN, reachOf, type Shadow } from '../../render/content.js';
import { composedContent, reachOfFilters, shrinkForReach } from '../../render/filtered-content.js';
import { decorationOf, type Piece } from '../../render/piece.js';
import { isBetweenPixels } from '../../scene/between-pixels.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { LayerOf } from '../../scene/schema/layer.js';
import type { Filter } from '../../scene/schema/style.js';
import { isTilted } from '../../scene/straight.js';
import type { Item } from '../items/item.js';
import { boundsOfItems } from '../items/stack.js';

type Container = LayerOf<'group'> | LayerOf<'scene'>;

/** Whether what is done to a layer needs all of it in one bitmap: pixels that look at their neighbours. */
export function isComposed(layer: Container): boolean {
  const isThrown = layer.shadow !== null && !(layer.type === 'group' && layer.background !== null);
  return isThrown || layer.filters.some(({ type }) => type === 'blur');
}

/**
 * Whether what is in a group or scene is drawn between the pixels of the program, by its document. In a bitmap of its own it
 * is drawn upright; what becomes of that bitmap is another matter.
 */
export function isBetweenPixelsIn(compiled: CompiledLayer, isAround: boolean): boolean {
  const { layer } = compiled;
  const isContainer = layer.type === 'group' || layer.type === 'scene';
  if (isContainer && (isComposed(layer) || isTilted(layer))) return false;
  return isAround || isBetweenPixels(compiled);
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

/** What is done to a bitmap of items as a whole; lengths are in units of the layer. */
export type ComposedStyle = {
  readonly shadows: readonly Shadow[];
  readonly filters: readonly Filter[];
};

export const UNSTYLED: ComposedStyle = { shadows: [], filters: [] };

/** By what the scale, of `unitPx` pixels a unit, must be multiplied, at most 1, for a bitmap of the items to be painted. */
export function shrinkFor(
  items: readonly Item[],
  { shadows, filters }: ComposedStyle,
  unitPx: number,
): number {
  const bounds = boundsOfItems(items);
  if (bounds === null) return 1;
  const [widthPx, heightPx] = [bounds.x1 - bounds.x0, bounds.y1 - bounds.y0];
  const reachPx = (reachOf(shadows) + reachOfFilters(filters)) * unitPx;
  return Math.min(
    1,
    Math.sqrt(MAX_PAINTED_PX / 2 / Math.max(1, widthPx * heightPx)),
    shrinkForReach(widthPx, heightPx, reachPx),
  );
}

/** What is done to a group or scene as a whole: the shadow of a group with a background is that of its box. */
export function composedStyle(layer: Container): ComposedStyle {
  const isBoxThrown = layer.type === 'group' && layer.background !== null;
  return { shadows: isBoxThrown ? [] : decorationOf(layer).shadows, filters: layer.filters };
}

/** Items, drawn in a space of `unitPx` pixels a unit, as one piece with shadows and filters. */
export function composedPiece(
  { shadows, filters }: ComposedStyle,
  items: readonly Item[],
  unitPx: number,
): Piece | null {
  const bounds = boundsOfItems(items);
  if (bounds === null) return null;
  const box = {
    x: bounds.x0,
    y: bounds.y0,
    width: bounds.x1 - bounds.x0,
    height: bounds.y1 - bounds.y0,
  };
  const shadowsPx = shadows.map(({ x, y, blur, color }) => ({
    x: x * unitPx,
    y: y * unitPx,
    blur: blur * unitPx,
    color,
  }));
  const filtersPx = filters.map((filter) =>
    filter.type === 'blur' ? { ...filter, radius: filter.radius * unitPx } : filter,
  );
  const decoration = { ...PLAIN, shadows: shadowsPx };
  const content = composedContent(
    { key: keyOf(items), count: items.length, box },
    decoration,
    filtersPx,
  );
  return {
    name: 'composed',
    content,
    padPx: content.padPx,
    isClipped: false,
    x: box.x / unitPx,
    y: box.y / unitPx,
    width: box.width / unitPx,
    height: box.height / unitPx,
    widthPx: box.width,
    heightPx: box.height,
  };
}
