import type { ViewContext } from '../../render/piece.js';
import { createTimeView } from '../../render/time-view.js';
import { shownAt } from './counting.js';
import { formatDuration, formatRemaining } from '../../scene/time-text.js';
import type { StopwatchLayer } from './schema.js';
import { TIME_CHARACTERS, toFontSpan } from '../../render/text/font-span.js';
import type { KindView } from '../kind-view.js';

/** What it has counted, or what is left to count. */
function textAt(layer: StopwatchLayer, { programTimeMs }: ViewContext): string {
  const { shownMs, isOver } = shownAt(layer, programTimeMs);
  if (isOver && layer.finishedText !== null) return layer.finishedText;
  return layer.countdownFromMs === null
    ? formatDuration(layer.format, shownMs)
    : formatRemaining(layer.format, shownMs);
}

/** How the kind is drawn. */
export const STOPWATCH_VIEW: KindView<StopwatchLayer> = {
  create: () => createTimeView(textAt),
  dependsOn: 'moment',
  pictures: null,
  spans: (layer) => [
    toFontSpan(layer.format + TIME_CHARACTERS + (layer.finishedText ?? ''), layer),
  ],
  size: 'own',
  isStretched: false,
};
