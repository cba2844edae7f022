import type { LayerOf } from '../../scene/schema/layer.js';
import {
  PLAIN,
  reachOf,
  toContent,
  type Content,
  type Decoration,
  type TextBlock,
} from '../content.js';
import { paddingOf, type LayerSpan } from './layer-spec.js';
import type { TextLayout } from './text-spec.js';

/** Fields of a layer that are painted with its text. */
export type PaintedFields = Pick<LayerOf<'text'>, 'box' | 'stroke' | 'color'>;
type Bounds = {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
};

/** Letters may reach out of their line by this part of the font size: accents, italics, swashes. */
const OVERHANG_EM = 0.35;
/** How far letters reach above and below their baseline, in font sizes, however low their line is. */
const LETTER_EM = { above: 1, below: 0.3 };

/** A bitmap of a text and where its top left is in the layer. */
export type PlacedText = { readonly content: Content; readonly x: number; readonly y: number };

/** What the lines take up, from the top left of the layer's box; null when there are no letters. */
function boundsOf(layout: TextLayout, fontSize: number, offset: Bounds): Bounds | null {
  const lines = layout.lines.filter(({ runs }) => runs.length > 0);
  if (lines.length === 0) return null;
  return {
    x0: offset.x0 + Math.min(...lines.map(({ x }) => x)),
    x1: offset.x0 + Math.max(...lines.map(({ x, width }) => x + width)),
    y0:
      offset.y0 +
      Math.min(
        ...lines.map(({ top, baseline }) => Math.min(top, baseline - fontSize * LETTER_EM.above)),
      ),
    y1:
      offset.y0 +
      Math.max(
        ...lines.map(({ top, height, baseline }) =>
          Math.max(top + height, baseline + fontSize * LETTER_EM.below),
        ),
      ),
  };
}

function union(a: Bounds | null, b: Bounds | null): Bounds | null {
  if (a === null || b === null) return a ?? b;
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

/**
 * The bitmap of a layer's text. It is as large as the letters and what is behind them, not as the layer's box, so
 * that a short line in a wide box is a small bitmap. `shown` is the layout or a part of it. Null: nothing is seen.
 */
export function placeText(
  layer: PaintedFields,
  spans: readonly LayerSpan[],
  layout: TextLayout,
  shown: TextLayout,
  decoration: Decoration,
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
  const fontSize = Math.max(...layout.fonts.map((font) => font.fontSize));
  const letters = boundsOf(layout, fontSize, {
    ...box,
    x0: padding.x,
    y0: padding.y,
  });
  const bounds = union(letters, hasPanel ? box : null);
  if (bounds === null) return null;
  // On whole pixels of the bitmap, so that the compositor need not mix neighbours.
  const [left, top] = [
    Math.floor(bounds.x0 * scale) / scale,
    Math.floor(bounds.y0 * scale) / scale,
  ];
  const drawing: TextBlock = {
    kind: 'text-block',
    styles: layout.fonts.map((font, i) => ({
      ...font,
      fill: spans[i]?.color ?? layer.color,
      underline: spans[i]?.underline ?? false,
      strikethrough: spans[i]?.strikethrough ?? false,
    })),
    runs: shown.lines.flatMap(({ runs, baseline }) =>
      runs.map(({ span, text, isRightToLeft, x, width }) => ({
        style: span,
        text,
        isRightToLeft,
        x: x + padding.x - left,
        baseline: baseline + padding.y - top,
        width,
      })),
    ),
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
  const overhang =
    Math.ceil(fontSize * OVERHANG_EM) + (drawing.stroke?.width ?? 0) + reachOf(decoration.shadows);
  const size = { width: bounds.x1 - left, height: bounds.y1 - top };
  return { content: toContent(drawing, PLAIN, size, scale, overhang), x: left, y: top };
}
