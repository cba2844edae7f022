import { LRUCache } from 'lru-cache';
import { PLAIN } from '../../render/content.js';
import { toOneLine } from '../../render/text/clean.js';
import { baselineOf, createLineCells, type LineCells } from '../../render/line-cells.js';
import { decorationOf, type Piece, type LayerView, type ViewContext } from '../../render/piece.js';
import { ringPieces } from './ring.js';
import { stripPieces } from './strip.js';
import { frameOf } from '../../render/frame-piece.js';
import type { ProgressLayer } from './schema.js';
import { toFontSpan } from '../../render/text/font-span.js';
import type { KindView } from '../kind-view.js';

/** How much is done, 0 to 1. */
export function shareDone({
  value,
  min,
  max,
}: Pick<ProgressLayer, 'value' | 'min' | 'max'>): number {
  return max <= min ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min)));
}

function figuresOf(
  { value, min, max }: ProgressLayer,
  share: number,
): Readonly<Record<string, string>> {
  const shown = (figure: number): string => String(Math.round(figure * 100) / 100);
  // 100 % is only said when it is so.
  const percent = String(Math.floor(share * 100 + 1e-9));
  return { percent, value: shown(value), min: shown(min), max: shown(max) };
}

/** Styles of labels that are kept. */
const KEPT_LABELS = 32;

/** How much of something is done: a bar, a ring or segments, and what is said about it. */
export function createProgressView(): (layer: ProgressLayer, context: ViewContext) => LayerView {
  const labels = new LRUCache<string, LineCells>({ max: KEPT_LABELS });

  const cellsOf = (label: NonNullable<ProgressLayer['label']>, context: ViewContext): LineCells => {
    const { scale, text } = context;
    const { fontFamily, fontSize, fontWeight, fontStyle, digits, color } = label;
    const font = { fontFamily, fontSize, fontWeight, fontStyle, letterSpacing: 0 };
    const style = { ...font, direction: 'auto', digits } as const;
    const key = JSON.stringify([style, color, scale]);
    const known = labels.get(key) ?? createLineCells(text, style, { color, shadows: [] }, scale);
    labels.set(key, known);
    return known;
  };

  const labelPieces = (layer: ProgressLayer, share: number, context: ViewContext): Piece[] => {
    const { label, width, height } = layer;
    if (label === null) return [];
    const figures = figuresOf(layer, share);
    const filled = label.text.replace(/\{(\w+)\}/g, (all, name: string) => figures[name] ?? all);
    const shown = toOneLine(filled);
    const line = cellsOf(label, context)(shown);
    const baseline = baselineOf(height, line, context.scale);
    return line.pieces(shown, (width - line.width) / 2, baseline, 'label:');
  };

  return (layer, context) => {
    const { width, height, style } = layer;
    const share = shareDone(layer);
    const decoration = decorationOf(layer);
    const shadows = { ...PLAIN, shadows: decoration.shadows };
    const pieces =
      style === 'ring'
        ? ringPieces(layer, share, context.scale, shadows)
        : stripPieces(layer, share, context.scale, shadows);
    const frame = frameOf(decoration, { width, height }, context.scale);
    return { width, height, pieces: [...pieces, ...frame, ...labelPieces(layer, share, context)] };
  };
}

/** How the kind is drawn. */
export const PROGRESS_VIEW: KindView<ProgressLayer> = {
  create: createProgressView,
  dependsOn: 'nothing',
  pictures: null,
  spans: ({ label }) => (label === null ? [] : [toFontSpan(`${label.text}0123456789.-`, label)]),
  size: 'own',
  isStretched: false,
};
