import { createIntlFormat, type FormatIntl } from '../../scene/intl-text.js';
import { shownAt } from '../../scene/stopwatch.js';
import {
  formatDuration,
  formatMoment,
  smallestUnitMs,
  timeZoneOffsetMs,
  type TimeToken,
} from '../../scene/time-text.js';
import { keptByLook, type ViewContext, type ViewOf } from './piece.js';
import { timeLookOf, viewTokens, type TimeLayer, type TimeLook } from './time-cells.js';

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
function remaining(format: string, leftMs: number): TimeToken[] {
  const unitMs = smallestUnitMs(format);
  return formatDuration(format, Math.ceil(leftMs / unitMs) * unitMs);
}

function words(text: string): TimeToken[] {
  return text === '' ? [] : [{ kind: 'words', text }];
}

function toTokens(
  layer: TimeLayer,
  { wallTimeMs, sceneTimeMs }: ViewContext,
  offsetOf: ReturnType<typeof createOffsets>,
  formatIntl: FormatIntl,
): TimeToken[] {
  switch (layer.type) {
    case 'clock':
      return layer.intl === null
        ? formatMoment(layer.format, wallTimeMs, offsetOf(layer.timeZone, wallTimeMs))
        : formatIntl(layer.intl, layer.timeZone, wallTimeMs);
    case 'timer':
      return formatDuration(layer.format, sceneTimeMs + layer.offsetMs);
    case 'stopwatch': {
      const { shownMs, isOver } = shownAt(layer, wallTimeMs);
      if (isOver && layer.finishedText !== null) return words(layer.finishedText);
      return layer.countdownFromMs === null
        ? formatDuration(layer.format, shownMs)
        : remaining(layer.format, shownMs);
    }
    case 'countdown': {
      const leftMs = Date.parse(layer.to) - wallTimeMs;
      if (leftMs > 0) return remaining(layer.format, leftMs);
      if (layer.onEnd === 'hide') return [];
      if (layer.onEnd === 'countUp') return formatDuration(layer.format, -leftMs);
      return layer.finishedText === null
        ? formatDuration(layer.format, 0)
        : words(layer.finishedText);
    }
  }
}

/** The time of day in a zone, what is left until a moment, how long the scene has been on air, or a stopwatch. */
export function createTimeView(): ViewOf<TimeLayer> {
  const offsetOf = createOffsets();
  const formatIntl = createIntlFormat();
  const keptLook = keptByLook<TimeLook>();
  return (layer, context) => {
    const look = keptLook(context.look, () => timeLookOf(layer, context));
    return viewTokens(layer, look, toTokens(layer, context, offsetOf, formatIntl), context);
  };
}
