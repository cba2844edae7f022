import type { LayerOf } from '../../scene/schema/layer.js';
import {
  formatDuration,
  formatMoment,
  timeZoneOffsetMs,
  type TimeToken,
} from '../../scene/time-text.js';
import { PLAIN, toContent, type Content } from '../content.js';
import type { TextMetrics } from '../text-metrics.js';
import {
  decorationOf,
  keptByLook,
  toPiece,
  type LayerView,
  type Piece,
  type ViewContext,
  type ViewOf,
} from './piece.js';
import { alignmentOf, baselineIn, frameOf, overhangOf, textStyleOf } from './text.js';

type TimeLayer = LayerOf<'clock'> | LayerOf<'countdown'> | LayerOf<'timer'>;

/** A sign or a run of words with where it stands on the line. */
type Cell = { readonly text: string; readonly x: number; readonly width: number };

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
type TimeLook = {
  readonly lineHeight: number;
  readonly cellWidth: number;
  readonly metrics: (text: string) => TextMetrics;
  readonly content: (text: string) => Content;
  readonly frame: (width: number, height: number) => Piece[];
};

function lookOf(layer: TimeLayer, { scale, measure }: ViewContext): TimeLook {
  const style = textStyleOf(layer);
  const decoration = decorationOf(layer);
  const lineHeight = layer.fontSize * layer.lineHeight;
  const metrics = (text: string): TextMetrics => measure(style.font, style.letterSpacing, text);
  const contents = new Map<string, Content>();
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

function viewTokens(
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

const QUARTER_HOUR_MS = 900_000;

/** Offsets of time zones by zone and quarter of an hour: asking Intl takes longer than drawing a layer. */
function createOffsets(): (timeZone: string, wallTimeMs: number) => number {
  const known = new Map<string, { quarter: number; offsetMs: number }>();
  return (timeZone, wallTimeMs) => {
    const quarter = Math.floor(wallTimeMs / QUARTER_HOUR_MS);
    const found = known.get(timeZone);
    if (found?.quarter === quarter) return found.offsetMs;
    const offsetMs = timeZoneOffsetMs(timeZone, quarter * QUARTER_HOUR_MS);
    known.set(timeZone, { quarter, offsetMs });
    return offsetMs;
  };
}

/** Steps of the smallest unit shown: a countdown shows a second as long as any of it is left. */
function smallestUnitMs(pattern: string): number {
  const used = pattern.replace(/\[[^\]]*\]/g, '');
  if (used.includes('SSS')) return 1;
  if (used.includes('cc')) return 10;
  if (used.includes('s')) return 1000;
  if (used.includes('m')) return 60_000;
  return /[Hh]/.test(used) ? 3_600_000 : 86_400_000;
}

function toTokens(
  layer: TimeLayer,
  context: ViewContext,
  offsetOf: ReturnType<typeof createOffsets>,
): TimeToken[] {
  const { wallTimeMs, sceneTimeMs } = context;
  if (layer.type === 'clock')
    return formatMoment(layer.format, wallTimeMs, offsetOf(layer.timeZone, wallTimeMs));
  if (layer.type === 'timer') return formatDuration(layer.format, sceneTimeMs + layer.offsetMs);
  const unitMs = smallestUnitMs(layer.format);
  const leftMs = Math.max(0, Date.parse(layer.to) - wallTimeMs);
  return formatDuration(layer.format, Math.ceil(leftMs / unitMs) * unitMs);
}

/** The time of day in a zone, what is left until a moment, or how long the scene has been on air. */
export function createTimeView(): ViewOf<TimeLayer> {
  const offsetOf = createOffsets();
  const keptLook = keptByLook<TimeLook>();
  return (layer, context) => {
    const look = keptLook(context.look, () => lookOf(layer, context));
    return viewTokens(layer, look, toTokens(layer, context, offsetOf), context);
  };
}
