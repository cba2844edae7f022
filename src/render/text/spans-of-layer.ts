import type { Layer } from '../../scene/schema/layer.js';
import { layerSpans } from './layer-spec.js';
import type { SpanSpec } from './text-spec.js';

type Look = Pick<SpanSpec, 'fontFamily' | 'fontSize' | 'fontWeight' | 'fontStyle'>;

/** Signs that any time format may show. */
const TIME_SIGNS = '0123456789AMP';

function toSpan(text: string, { fontFamily, fontSize, fontWeight, fontStyle }: Look): SpanSpec {
  return { text, fontFamily, fontSize, fontWeight, fontStyle, letterSpacing: 0 };
}

/** What a layer shows in letters, for whoever asks whether there are glyphs for it; layers inside of it not counted. */
export function spansOfLayer(layer: Layer): readonly SpanSpec[] {
  switch (layer.type) {
    case 'text':
      return layerSpans(layer);
    case 'ticker':
      return [toSpan(layer.text, layer)];
    case 'clock':
      return [toSpan(layer.intl === null ? layer.format + TIME_SIGNS : TIME_SIGNS, layer)];
    case 'timer':
      return [toSpan(layer.format + TIME_SIGNS, layer)];
    case 'countdown':
    case 'stopwatch':
      return [toSpan(layer.format + TIME_SIGNS + (layer.finishedText ?? ''), layer)];
    case 'chat':
      return layer.messages.map(({ author, text }) => toSpan(author + text, layer));
    default:
      return [];
  }
}
