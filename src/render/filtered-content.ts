import type { Box } from '../scene/picture-fit.js';
import type { Filter } from '../scene/schema/style.js';
import {
  MAX_BITMAP_PX,
  MAX_PAINTED_PX,
  shrinkToFit,
  toContent,
  type Content,
  type Decoration,
} from './content.js';

/** Contents on which filters work as a whole, and the room around them that these need. */

/** How far a blur reaches, in standard deviations. */
const BLUR_REACH = 3;

/** Room that filters need around what they are applied to, in the unit of their radii. */
export function reachOfFilters(filters: readonly Filter[]): number {
  return filters.reduce(
    (sum, filter) => sum + (filter.type === 'blur' ? BLUR_REACH * filter.radius : 0),
    0,
  );
}

/** Sides are rounded up several times on the way to a bitmap with room around: this share of the most pixels is for that. */
const ROUNDING_PART = 0.02;

/**
 * What the size of something that is painted with `reachPx` around it must be multiplied with, at most 1, reach and all, so that
 * painting it takes no more memory and time than the largest paint without.
 */
export function shrinkForReach(widthPx: number, heightPx: number, reachPx: number): number {
  if (reachPx === 0) return 1;
  const maxPx = MAX_PAINTED_PX * (1 - ROUNDING_PART);
  return shrinkToFit(widthPx + 2 * reachPx, heightPx + 2 * reachPx, maxPx);
}

/** A content in `factor` times as many pixels each way. What items draw has no other size: they are drawn smaller before. */
function rescaled(content: Content, factor: number): Content {
  if (factor === 1 || content.drawing.kind === 'composed') return content;
  const scale = content.scale * factor;
  const padPx = Math.ceil(content.padPx * factor);
  const extentPx = (units: number): number => Math.max(1, Math.ceil(units * scale)) + 2 * padPx;
  return {
    ...content,
    key: JSON.stringify([content.key, scale]),
    widthPx: extentPx(content.boxWidth),
    heightPx: extentPx(content.boxHeight),
    padPx,
    scale,
  };
}

/**
 * A content with filters on top of what it has. A blur needs room around it: one that would become too large with it is
 * painted smaller, and the compositor makes it larger.
 */
export function filteredContent(content: Content, filters: readonly Filter[]): Content {
  const reach = reachOfFilters(filters);
  const base = rescaled(
    content,
    shrinkForReach(content.widthPx, content.heightPx, reach * content.scale),
  );
  const morePx = Math.min(
    Math.ceil(reach * base.scale),
    Math.max(0, Math.floor((MAX_BITMAP_PX - Math.max(base.widthPx, base.heightPx)) / 2)),
  );
  return {
    ...base,
    key: JSON.stringify([base.key, filters]),
    widthPx: base.widthPx + 2 * morePx,
    heightPx: base.heightPx + 2 * morePx,
    padPx: base.padPx + morePx,
    filters: [...base.filters, ...filters],
  };
}

/** What items draw. */
export type ComposedItems = {
  /** Tells what they draw. */
  readonly key: string;
  readonly count: number;
  /** The part of their pixels that something is in. */
  readonly box: Box;
};

/** A content that is what items draw, at one pixel a unit: lengths of shadows and filters are in pixels. */
export function composedContent(
  { key, count, box }: ComposedItems,
  decoration: Decoration,
  filters: readonly Filter[],
): Content {
  const drawing = { kind: 'composed', count, x: box.x, y: box.y } as const;
  const content = toContent(drawing, decoration, box, 1);
  const composed = { ...content, key: JSON.stringify([key, content.key]) };
  return filters.length === 0 ? composed : filteredContent(composed, filters);
}
