import type { Layer, LayerOf } from '../../scene/schema/layer.js';
import { layerSpans } from './layer-spec.js';
import type { FontSpan } from './missing-glyphs.js';

type Look = Omit<FontSpan, 'text'>;

/** Characters that any time format may show. */
const TIME_SIGNS = '0123456789AMP';

function toSpan(text: string, { fontFamily, fontWeight, fontStyle }: Look): FontSpan {
  return { text, fontFamily, fontWeight, fontStyle };
}

/** What a layer shows in letters, for whoever asks whether there are glyphs for it; layers inside of it not counted. */
export function spansOfLayer(layer: Layer): readonly FontSpan[] {
  switch (layer.type) {
    case 'text':
      return layerSpans(layer);
    case 'ticker':
      return (layer.items ?? [{ text: layer.text ?? '' }]).map(({ text }) =>
        toSpan(text + layer.separator, layer),
      );
    case 'clock':
      return [toSpan(layer.intl === null ? layer.format + TIME_SIGNS : TIME_SIGNS, layer)];
    case 'timer':
      return [toSpan(layer.format + TIME_SIGNS, layer)];
    case 'progress':
      return layer.label === null ? [] : [toSpan(`${layer.label.text}0123456789.-`, layer.label)];
    case 'table':
      return [toSpan(wordsOfTable(layer), layer)];
    case 'countdown':
    case 'stopwatch':
      return [toSpan(layer.format + TIME_SIGNS + (layer.finishedText ?? ''), layer)];
    // What strangers write is not the operator's to put right, and comes by the thousand: it is not looked through.
    case 'chat':
      return [];
    default:
      return [];
  }
}

function wordsOfTable({ columns, rows }: LayerOf<'table'>): string {
  const cells = rows.flatMap((row) => Object.values(row.cells));
  return [...columns.map(({ title }) => title), ...cells, '#0123456789'].join(' ');
}
