import type { ViewContext } from '../../render/piece.js';
import { createTimeView } from '../../render/time-view.js';
import { formatDuration } from '../../scene/time-text.js';
import type { TimerLayer } from './schema.js';
import { TIME_CHARACTERS, toFontSpan } from '../../render/text/font-span.js';
import type { KindView } from '../kind-view.js';

/** How long the scene has been on air. */
function textAt({ format, offsetMs }: TimerLayer, { sceneTimeMs }: ViewContext): string {
  return formatDuration(format, sceneTimeMs + offsetMs);
}

/** How the kind is drawn. */
export const TIMER_VIEW: KindView<TimerLayer> = {
  create: () => createTimeView(textAt),
  dependsOn: 'moment',
  pictures: null,
  spans: (layer) => [toFontSpan(layer.format + TIME_CHARACTERS, layer)],
  size: 'own',
  isStretched: false,
};
