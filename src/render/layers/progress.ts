import type { LayerOf } from '../../scene/schema/layer.js';
import { PLAIN, toContent } from '../content.js';
import { decorationOf, toPiece, type Piece, type LayerView, type ViewContext } from './piece.js';
import { ringPieces } from './progress-ring.js';
import { stripPieces } from './progress-strip.js';
import { baselineIn, frameOf, overhangOf, textStyleOf } from './text.js';

type Progress = LayerOf<'progress'>;

/** How much is done, 0 to 1. */
export function shareDone({ value, min, max }: Pick<Progress, 'value' | 'min' | 'max'>): number {
  return max <= min ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min)));
}

function figuresOf({ value, min, max }: Progress, share: number): Readonly<Record<string, string>> {
  const shown = (figure: number): string => String(Math.round(figure * 100) / 100);
  // 100 % is only said when it is so.
  return {
    ...{ percent: String(Math.floor(share * 100 + 1e-9)), value: shown(value) },
    ...{ min: shown(min), max: shown(max) },
  };
}

function labelPieces(layer: Progress, share: number, { scale, measure }: ViewContext): Piece[] {
  const { label, width, height } = layer;
  if (label === null) return [];
  const figures = figuresOf(layer, share);
  const text = label.text.replace(/\{(\w+)\}/g, (all, name: string) => figures[name] ?? all);
  const style = textStyleOf(label);
  const metrics = measure(style.font, style.letterSpacing, text);
  const lineHeight = label.fontSize * 1.2;
  const lines = [{ text, x: 0, baseline: baselineIn(lineHeight, metrics) }];
  const box = { width: Math.ceil(metrics.width), height: lineHeight };
  const drawing = { kind: 'text', style, lines } as const;
  const content = toContent(drawing, PLAIN, box, scale, overhangOf(label.fontSize));
  const snapped = (units: number): number => Math.round(units * scale) / scale;
  const [x, y] = [snapped((width - metrics.width) / 2), snapped((height - lineHeight) / 2)];
  return [toPiece('label', content, x, y)];
}

/** How much of something is done: a bar, a ring or segments, and what is said about it. */
export function viewProgress(layer: Progress, context: ViewContext): LayerView {
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
}
