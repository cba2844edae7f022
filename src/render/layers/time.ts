import type { LayerOf } from '../../scene/schema/layer.js';
import {
  formatDuration,
  formatMoment,
  timeZoneOffsetMs,
  type TimeToken,
} from '../../scene/time-text.js';
import { PLAIN, toContent } from '../content.js';
import type { MeasureText } from '../text-metrics.js';
import { decorationOf, toPiece, type ViewContext, type ViewOf } from './piece.js';
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
  measureWidth: (text: string) => number,
): { cells: Cell[]; width: number } {
  const cellWidth = Math.max(...DIGITS.map(measureWidth));
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

function viewTokens(
  layer: TimeLayer,
  tokens: readonly TimeToken[],
  context: ViewContext,
): ReturnType<ViewOf<TimeLayer>> {
  const style = textStyleOf(layer);
  const measure = (text: string): ReturnType<MeasureText> =>
    context.measure(style.font, style.letterSpacing, text);
  const line = toCells(tokens, (text) => measure(text).width);
  const width = layer.width ?? Math.max(1, Math.ceil(line.width));
  const height = layer.height ?? layer.fontSize * layer.lineHeight;
  const left = (width - line.width) * alignmentOf(layer.align);
  const decoration = decorationOf(layer);
  const lineHeight = layer.fontSize * layer.lineHeight;
  const signs = line.cells
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, x, width: ownWidth }, i) => {
      // Signs stand on whole bitmap pixels, so that the compositor need not mix neighbours.
      const snappedX = Math.round((left + x) * context.scale) / context.scale;
      const lines = [{ text, x: 0, baseline: baselineIn(lineHeight, measure(text)) }];
      const box = { width: Math.ceil(ownWidth), height: lineHeight };
      const content = toContent(
        { kind: 'text', style, lines },
        { ...PLAIN, shadow: decoration.shadow },
        box,
        context.scale,
        overhangOf(layer.fontSize),
      );
      return toPiece(String(i), content, snappedX, 0);
    });
  return {
    width,
    height,
    pieces: [...frameOf(decoration, { width, height }, context.scale), ...signs],
  };
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

/** The time of day in a zone. */
export function createClockView(): ViewOf<LayerOf<'clock'>> {
  const offsetOf = createOffsets();
  return (layer, context) =>
    viewTokens(
      layer,
      formatMoment(layer.format, context.wallTimeMs, offsetOf(layer.timeZone, context.wallTimeMs)),
      context,
    );
}

/** Steps of the smallest unit shown: a countdown shows a second as long as any of it is left. */
function smallestUnitMs(pattern: string): number {
  const used = pattern.replace(/\[[^\]]*\]/g, '');
  if (used.includes('SSS')) return 1;
  if (used.includes('cc')) return 10;
  if (used.includes('s')) return 1000;
  return used.includes('m') ? 60_000 : 3_600_000;
}

/** What is left until a moment. */
export const viewCountdown: ViewOf<LayerOf<'countdown'>> = (layer, context) => {
  const unitMs = smallestUnitMs(layer.format);
  const leftMs =
    Math.ceil(Math.max(0, Date.parse(layer.to) - context.wallTimeMs) / unitMs) * unitMs;
  return viewTokens(layer, formatDuration(layer.format, leftMs), context);
};

/** How long the scene has been on air. */
export const viewTimer: ViewOf<LayerOf<'timer'>> = (layer, context) =>
  viewTokens(layer, formatDuration(layer.format, context.sceneTimeMs + layer.offsetMs), context);
