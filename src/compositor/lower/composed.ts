import { MAX_PAINTED_PX, PLAIN, reachOf } from '../../render/content.js';
import { composedContent, reachOfFilters, shrinkForReach } from '../../render/filtered-content.js';
import { decorationOf, type Piece } from '../../render/piece.js';
import { isBetweenPixels } from '../../scene/between-pixels.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { LayerOf } from '../../scene/schema/layer.js';
import { isTilted } from '../../scene/straight.js';
import type { Rect } from '../../memory/region.js';
import { boundsOfItems } from '../items/stack.js';
import type { ComposedStyle, DrawStep } from './draw-list.js';
import { placedPiece } from './frame.js';
import { union } from './matrix.js';

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

export const UNSTYLED: ComposedStyle = { shadows: [], filters: [] };

/** By what the scale, of `unitPx` pixels a unit, must be multiplied, at most 1, for a bitmap with these bounds to be painted. */
export function shrinkFor(
  bounds: Rect,
  { shadows, filters }: ComposedStyle,
  unitPx: number,
): number {
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

/** What is drawn into one bitmap, in a space of its own. */
export type Composed = {
  /** Tells what is drawn; how many items do; the pixels that they touch. */
  readonly key: string;
  readonly count: number;
  readonly bounds: Rect;
};

/** What is drawn in a space of `unitPx` pixels a unit as one piece with shadows and filters. */
export function composedPiece(
  { shadows, filters }: ComposedStyle,
  { key, count, bounds }: Composed,
  unitPx: number,
): Piece {
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
  const content = composedContent({ key, count, box }, decoration, filtersPx);
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

/** The rectangle around all that steps touch if all of it is there; null: that is nothing. */
export function boundsOfSteps(steps: readonly DrawStep[]): Rect | null {
  return steps.reduce<Rect | null>((around, step) => {
    const bounds = boundsOfStep(step);
    return around === null || bounds === null ? (around ?? bounds) : union(around, bounds);
  }, null);
}

function boundsOfStep(step: DrawStep): Rect | null {
  switch (step.kind) {
    case 'piece':
    case 'solid':
      return step.bounds;
    case 'buffer':
      return boundsOfSteps(step.inner);
    case 'composed': {
      const bounds = boundsOfSteps(step.inner);
      if (bounds === null) return null;
      const piece = composedPiece(step.style, { key: '', count: 0, bounds }, step.unitPx);
      return placedPiece(piece, step.frame, step.onto)?.bounds ?? null;
    }
    case 'layer':
      if (step.result.kind === 'kept') return boundsOfItems(step.result.kept.items);
      return boundsOfSteps(step.result.kind === 'drawn' ? step.result.steps : (step.standIn ?? []));
  }
}
