import { createTimeView } from '../../render/time-view.js';
import type { ViewOf } from '../../render/piece.js';
import { createIntlFormat } from '../../scene/intl-text.js';
import { formatMoment, timeZoneOffsetMs } from '../../scene/time-text.js';
import type { ClockLayer } from './schema.js';
import { TIME_CHARACTERS, toFontSpan } from '../../render/text/font-span.js';
import type { KindView } from '../kind-view.js';

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
function createClockView(): ViewOf<ClockLayer> {
  const offsetOf = createOffsets();
  const formatIntl = createIntlFormat();
  return createTimeView(({ intl, format, timeZone }, { programTimeMs, wallOffsetMs }) =>
    intl === null
      ? formatMoment(
          format,
          programTimeMs + wallOffsetMs,
          offsetOf(timeZone, programTimeMs + wallOffsetMs),
        )
      : formatIntl(intl, timeZone, programTimeMs + wallOffsetMs),
  );
}

/** How the kind is drawn. */
export const CLOCK_VIEW: KindView<ClockLayer> = {
  create: createClockView,
  dependsOn: 'moment',
  pictures: null,
  spans: (layer) => [
    toFontSpan(layer.intl === null ? layer.format + TIME_CHARACTERS : TIME_CHARACTERS, layer),
  ],
  size: 'own',
  isStretched: false,
};
