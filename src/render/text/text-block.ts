import type { Paint } from '../../scene/schema/style.js';
import type { LayerOf } from '../../scene/schema/layer.js';
import {
  PLAIN,
  reachOf,
  toContent,
  type BlockText,
  type Content,
  type Decoration,
  type TextBlock,
} from '../content.js';
import { paddingOf, type LayerSpan } from './layer-spec.js';
import type { Extent, SpanLines, TextLayout } from './text-spec.js';

/** Fields of a layer that are painted with its text. */
export type PaintedFields = Pick<LayerOf<'text'>, 'box' | 'stroke' | 'color'>;
/** A text as it is set. */
export type SetText = {
  readonly layout: TextLayout;
  /** The layout, or what of it is to be seen. */
  readonly shown: TextLayout;
  readonly decoration: Decoration;
};
/** A bitmap of a text and where its top left is in the layer. */
export type PlacedText = { readonly content: Content; readonly x: number; readonly y: number };

/** What the letters and the lines with them take up, from the top left of the layout; null when there are none. */
function boundsOf({ lines, spanLines }: TextLayout): Extent | null {
  let bounds: Extent | null = null;
  for (const { ink, runs, x: left, baseline } of lines) {
    if (ink !== null) bounds = union(bounds, moved(ink, left, baseline));
    for (const { span, x, width } of runs) {
      const { underline, strikethrough, thickness } = spanLines[span] ?? NO_LINES;
      const y0 = baseline + Math.min(underline, strikethrough);
      const y1 = baseline + Math.max(underline, strikethrough) + thickness;
      if (width > 0) bounds = union(bounds, { x0: left + x, x1: left + x + width, y0, y1 });
    }
  }
  return bounds;
}

const NO_LINES: SpanLines = { underline: 0, strikethrough: 0, thickness: 0 };

function union(a: Extent | null, b: Extent | null): Extent | null {
  if (a === null || b === null) return a ?? b;
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

function moved({ x0, y0, x1, y1 }: Extent, x: number, y: number): Extent {
  return { x0: x0 + x, y0: y0 + y, x1: x1 + x, y1: y1 + y };
}

/** How the spans of a layout look. */
export function stylesOf(
  { spanLines }: Pick<TextLayout, 'spanLines'>,
  spans: readonly Pick<LayerSpan, 'color' | 'underline' | 'strikethrough'>[],
  color: Paint,
): BlockText['styles'] {
  return spanLines.map((lines, i) => ({
    ...lines,
    fill: spans[i]?.color ?? color,
    isUnderlined: spans[i]?.underline ?? false,
    isStruckThrough: spans[i]?.strikethrough ?? false,
  }));
}

/** Half-covered pixels at the edges of letters, and the half by which these are moved to stand on whole ones. */
const EDGE_PX = 1;
/** The canvas draws letters up to half a unit lower or higher (`paint/glyphs.ts`). */
const LOWERED_UNITS = 0.5;

/** Room around letters at a scale, in units. */
export function edgeOf(scale: number): number {
  return Math.max(EDGE_PX, EDGE_PX / 2 + LOWERED_UNITS * scale) / scale;
}

/**
 * The bitmap of a layer's text. It is as large as the letters and what is behind them, not as the layer's box, so
 * that a short line in a wide box is a small bitmap. Null: nothing is seen.
 */
export function placeText(
  layer: PaintedFields,
  spans: readonly LayerSpan[],
  { layout, shown, decoration }: SetText,
  scale: number,
): PlacedText | null {
  const padding = paddingOf(layer);
  const box = {
    x0: 0,
    y0: 0,
    x1: layout.width + 2 * padding.x,
    y1: layout.height + 2 * padding.y,
  };
  const hasPanel = layer.box !== null || decoration.border !== null;
  const ink = boundsOf(layout);
  const letters = ink === null ? null : moved(ink, padding.x, padding.y);
  const bounds = union(letters, hasPanel ? box : null);
  if (bounds === null) return null;
  // On whole pixels of the bitmap, so that the compositor need not mix neighbours.
  const [left, top] = [
    Math.floor(bounds.x0 * scale) / scale,
    Math.floor(bounds.y0 * scale) / scale,
  ];
  const drawing: TextBlock = {
    kind: 'text-block',
    texts: [
      {
        key: shown.key,
        x: padding.x - left,
        y: padding.y - top,
        lines: shown.lines,
        fonts: shown.fonts,
        styles: stylesOf(layout, spans, layer.color),
      },
    ],
    stroke: layer.stroke !== null && layer.stroke.width > 0 ? layer.stroke : null,
    shadows: decoration.shadows,
    area: { x: -left, y: -top, width: box.x1, height: box.y1 },
    panel: hasPanel
      ? {
          fill: layer.box?.color ?? null,
          border: decoration.border,
          cornerRadius: layer.box?.cornerRadius ?? decoration.cornerRadius,
        }
      : null,
  };
  const overhang = (drawing.stroke?.width ?? 0) + reachOf(decoration.shadows) + edgeOf(scale);
  const size = { width: bounds.x1 - left, height: bounds.y1 - top, overhang };
  return { content: toContent(drawing, PLAIN, size, scale), x: left, y: top };
}
