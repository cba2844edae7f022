import { layerSpans, paddingOf, toTextSpec } from '../../render/text/layer-spec.js';
import type { WidthQuery } from '../../scene/layout/box.js';
import type { TextEngine } from '../../render/text/engine.js';
import type { TextSpec } from '../../render/text/text-spec.js';
import { revealText } from '../../render/text/reveal.js';
import { placeText } from '../../render/text/text-block.js';
import { decorationOf, toPiece, type ViewOf } from '../../render/piece.js';
import type { TextLayer } from './schema.js';
import type { KindView } from '../kind-view.js';

/**
 * How large the box of a text layer is that may be so wide. At `min-content` it is as wide as its longest piece that
 * no line may end in, as CSS has it: no word is cut.
 */
export function textSizeOf(
  layer: TextLayer,
  text: TextEngine,
  query: WidthQuery,
): { readonly width: number; readonly height: number } {
  const padding = paddingOf(layer);
  const natural = toTextSpec(layer, layerSpans(layer));
  const limit = limitOf(query, natural, text, padding.x);
  const free = text.setText(natural);
  const isOver = natural.width === null && limit !== null && free.width > limit;
  const { width, height } = isOver ? text.setText({ ...natural, width: limit }) : free;
  return { width: width + 2 * padding.x, height: height + 2 * padding.y };
}

/** The width that a text has to keep to, without its padding; null: none. */
function limitOf(
  query: WidthQuery,
  spec: TextSpec,
  text: TextEngine,
  paddingX: number,
): number | null {
  if (query === 'max-content') return null;
  if (query !== 'min-content') return Math.max(1, query - 2 * paddingX);
  // What is not broken needs all of its width; what is trimmed or made smaller to fit in needs none.
  if (spec.wrap === 'none' && spec.maxLines === null && spec.fit === 'none') return null;
  return Math.max(1, spec.fit === 'none' && spec.wrap === 'word' ? text.minWidth(spec) : 1);
}

/** A text of one or more lines, in any script. */
export const viewText: ViewOf<TextLayer> = (layer, context) => {
  const spans = layerSpans(layer);
  const layout = context.text.setText(toTextSpec(layer, spans));
  const padding = paddingOf(layer);
  const shown = revealText(layout, layer.reveal);
  const placed = placeText(
    layer,
    spans,
    { layout, shown, decoration: decorationOf(layer) },
    context.scale,
  );
  return {
    width: layout.width + 2 * padding.x,
    height: layout.height + 2 * padding.y,
    pieces: placed === null ? [] : [toPiece('text', placed.content, placed.x, placed.y)],
  };
};

/** How the kind is drawn. */
export const TEXT_VIEW: KindView<TextLayer> = {
  create: () => viewText,
  dependsOn: 'nothing',
  pictures: null,
  spans: layerSpans,
  size: textSizeOf,
  isStretched: false,
};
