import type { ViewContext } from '../../render/piece.js';
import { createTimeView } from '../../render/time-view.js';
import { formatDuration, formatRemaining } from '../../scene/time-text.js';
import type { CountdownLayer } from './schema.js';
import { TIME_CHARACTERS, toFontSpan } from '../../render/text/font-span.js';
import type { KindView } from '../kind-view.js';

/** What is left until the moment, and what is shown from then on. */
function textAt(layer: CountdownLayer, { programTimeMs, wallOffsetMs }: ViewContext): string {
  const leftMs = Date.parse(layer.to) - (programTimeMs + wallOffsetMs);
  if (leftMs > 0) return formatRemaining(layer.format, leftMs);
  if (layer.onEnd === 'hide') return '';
  if (layer.onEnd === 'countUp') return formatDuration(layer.format, -leftMs);
  return layer.finishedText === null ? formatDuration(layer.format, 0) : layer.finishedText;
}

/** How the kind is drawn. */
export const COUNTDOWN_VIEW: KindView<CountdownLayer> = {
  create: () => createTimeView(textAt),
  dependsOn: 'moment',
  pictures: null,
  spans: (layer) => [
    toFontSpan(layer.format + TIME_CHARACTERS + (layer.finishedText ?? ''), layer),
  ],
  size: 'own',
  isStretched: false,
};
