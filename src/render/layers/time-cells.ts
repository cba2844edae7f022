import { LRUCache } from 'lru-cache';
import type { LayerOf } from '../../scene/schema/layer.js';
import type { TimeToken } from '../../scene/time-text.js';
import { PLAIN, toContent, type Content } from '../content.js';
import type { TextMetrics } from '../text-metrics.js';
import { decorationOf, toPiece, type LayerView, type Piece, type ViewContext } from './piece.js';
import { alignmentOf, baselineIn, frameOf, overhangOf, textStyleOf } from './text.js';

export type TimeLayer = LayerOf<'clock' | 'countdown' | 'timer' | 'stopwatch'>;

/** A sign or a run of words with where it stands on the line. */
type Cell = { readonly text: string; readonly x: number; readonly width: number };

/** Signs and words whose bitmaps a layer knows: a date changes once a day, a second in words each second. */
const KEPT_SIGNS = 64;

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/**
 * Lays tokens out in a line. Digits stand in cells that are as wide as the widest of them, so that the text does
 * not tremble, and each digit is a bitmap that is painted once.
 */
export function toCells(
  tokens: readonly TimeToken[],
  cellWidth: number,
  measureWidth: (text: string) => number,
): { cells: Cell[]; width: number } {
  const cells: Cell[] = [];
  let x = 0;
  for (const { kind, text } of tokens) {
    for (const sign of kind === 'digits' ? text : [text]) {
      const ownWidth = measureWidth(sign);
      const width = kind === 'digits' ? cellWidth : ownWidth;
      cells.push({ text: sign, x: x + (width - ownWidth) / 2, width: ownWidth });
      x += width;
    }
  }
  return { cells, width: x };
}

/** What is the same at every moment: the style, the widths of the digits' cell, and the bitmap of each sign. */
export type TimeLook = {
  readonly lineHeight: number;
  readonly cellWidth: number;
  readonly metrics: (text: string) => TextMetrics;
  readonly content: (text: string) => Content;
  readonly frame: (width: number, height: number) => Piece[];
};

/** What a layer's signs look like. */
export function timeLookOf(layer: TimeLayer, { scale, measure }: ViewContext): TimeLook {
  const style = textStyleOf(layer);
  const decoration = decorationOf(layer);
  const lineHeight = layer.fontSize * layer.lineHeight;
  const metrics = (text: string): TextMetrics => measure(style.font, style.letterSpacing, text);
  const contents = new LRUCache<string, Content>({ max: KEPT_SIGNS });
  const paint = (text: string): Content => {
    const lines = [{ text, x: 0, baseline: baselineIn(lineHeight, metrics(text)) }];
    const box = { width: Math.ceil(metrics(text).width), height: lineHeight };
    const signDecoration = { ...PLAIN, shadows: decoration.shadows };
    return toContent(
      { kind: 'text', style, lines },
      signDecoration,
      box,
      scale,
      overhangOf(layer.fontSize),
    );
  };
  return {
    lineHeight,
    cellWidth: Math.max(...DIGITS.map((digit) => metrics(digit).width)),
    metrics,
    content: (text) => {
      const known = contents.get(text) ?? paint(text);
      contents.set(text, known);
      return known;
    },
    frame: (width, height) => frameOf(decoration, { width, height }, scale),
  };
}

/** A line of tokens as a layer shows it. */
export function viewTokens(
  layer: TimeLayer,
  look: TimeLook,
  tokens: readonly TimeToken[],
  context: ViewContext,
): LayerView {
  const line = toCells(tokens, look.cellWidth, (text) => look.metrics(text).width);
  const width = layer.width ?? Math.max(1, Math.ceil(line.width));
  const height = layer.height ?? look.lineHeight;
  const left = (width - line.width) * alignmentOf(layer.align);
  const signs = line.cells
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, x }, i) => {
      // Signs stand on whole bitmap pixels, so that the compositor need not mix neighbours.
      const snappedX = Math.round((left + x) * context.scale) / context.scale;
      return toPiece(String(i), look.content(text), snappedX, 0);
    });
  return { width, height, pieces: [...look.frame(width, height), ...signs] };
}
