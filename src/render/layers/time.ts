import { createIntlFormat, type FormatIntl } from '../../scene/intl-text.js';
import { shownAt } from '../../scene/stopwatch.js';
import {
  formatDuration,
  formatMoment,
  smallestUnitMs,
  timeZoneOffsetMs,
} from '../../scene/time-text.js';
import type { LayerOf } from '../../scene/schema/layer.js';
import { toCleanText } from '../text/clean.js';
import { baselineOf, createLineCells, type LineCells } from './line-cells.js';
import {
  decorationOf,
  keptByLook,
  type LayerView,
  type Piece,
  type ViewContext,
  type ViewOf,
} from './piece.js';
import { alignmentOf, frameOf } from './text.js';

type TimeLayer = LayerOf<'clock' | 'countdown' | 'timer' | 'stopwatch'>;

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

/** What is left, rounded up: a second is shown as long as any of it is left. */
function remaining(format: string, leftMs: number): string {
  const unitMs = smallestUnitMs(format);
  return formatDuration(format, Math.ceil(leftMs / unitMs) * unitMs);
}

function textAt(
  layer: TimeLayer,
  { wallTimeMs, wallOffsetMs, sceneTimeMs }: ViewContext,
  offsetOf: ReturnType<typeof createOffsets>,
  formatIntl: FormatIntl,
): string {
  const hourOfDayMs = wallTimeMs + wallOffsetMs;
  switch (layer.type) {
    case 'clock':
      return layer.intl === null
        ? formatMoment(layer.format, hourOfDayMs, offsetOf(layer.timeZone, hourOfDayMs))
        : formatIntl(layer.intl, layer.timeZone, hourOfDayMs);
    case 'timer':
      return formatDuration(layer.format, sceneTimeMs + layer.offsetMs);
    case 'stopwatch': {
      const { shownMs, isOver } = shownAt(layer, wallTimeMs);
      if (isOver && layer.finishedText !== null) return layer.finishedText;
      return layer.countdownFromMs === null
        ? formatDuration(layer.format, shownMs)
        : remaining(layer.format, shownMs);
    }
    case 'countdown': {
      const leftMs = Date.parse(layer.to) - hourOfDayMs;
      if (leftMs > 0) return remaining(layer.format, leftMs);
      if (layer.onEnd === 'hide') return '';
      if (layer.onEnd === 'countUp') return formatDuration(layer.format, -leftMs);
      return layer.finishedText === null ? formatDuration(layer.format, 0) : layer.finishedText;
    }
  }
}

/** What is the same at every moment. */
type TimeLook = {
  readonly lineHeight: number;
  readonly cells: LineCells;
  readonly frame: (width: number, height: number) => Piece[];
};

function timeLookOf(layer: TimeLayer, { scale, text }: ViewContext): TimeLook {
  const { fontFamily, fontSize, fontWeight, fontStyle, letterSpacing, direction, digits } = layer;
  const decoration = decorationOf(layer);
  const style = { fontFamily, fontSize, fontWeight, fontStyle, letterSpacing, direction, digits };
  const look = { color: layer.color, shadows: decoration.shadows };
  return {
    lineHeight: fontSize * layer.lineHeight,
    cells: createLineCells(text, style, look, scale),
    frame: (width, height) => frameOf(decoration, { width, height }, scale),
  };
}

/** A text of one or more lines as a layer shows it. */
function viewLines(layer: TimeLayer, look: TimeLook, text: string, scale: number): LayerView {
  const { lineHeight, cells, frame } = look;
  const lines = toCleanText(text)
    .split('\n')
    .map((shown) => ({ shown, line: cells(shown) }));
  const natural = Math.max(1, ...lines.map(({ line }) => Math.ceil(line.width)));
  const width = layer.width ?? natural;
  const height = layer.height ?? lineHeight * lines.length;
  const pieces = lines.flatMap(({ shown, line }, i) => {
    const left = (width - line.width) * alignmentOf(layer.align);
    const top = Math.round(i * lineHeight * scale) / scale;
    const prefix = i === 0 ? '' : `${i}:`;
    return line.pieces(shown, left, top + baselineOf(lineHeight, line, scale), prefix);
  });
  return { width, height, pieces: [...frame(width, height), ...pieces] };
}

/** The time of day in a zone, what is left until a moment, how long the scene has been on air, or a stopwatch. */
export function createTimeView(): ViewOf<TimeLayer> {
  const offsetOf = createOffsets();
  const formatIntl = createIntlFormat();
  const keptLook = keptByLook<TimeLook>();
  return (layer, context) => {
    const look = keptLook(context.look, () => timeLookOf(layer, context));
    return viewLines(layer, look, textAt(layer, context, offsetOf, formatIntl), context.scale);
  };
}
