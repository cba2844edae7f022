import type { LayerOf } from '../../scene/schema/layer.js';
import { toContent, type Decoration } from '../content.js';
import { layerSpans, paddingOf, toTextSpec } from '../text/layer-spec.js';
import type { WidthQuery } from '../../scene/layout/box.js';
import type { TextEngine } from '../text/engine.js';
import type { TextSpec } from '../text/text-spec.js';
import { revealText } from '../text/reveal.js';
import { placeText } from '../text/text-block.js';
import { decorationOf, toPiece, type Piece, type ViewOf } from './piece.js';

/** Letters may reach out of their line by this part of the font size: accents, italics, swashes. */
const OVERHANG_EM = 0.35;

/** Room around a text for what its letters stick out. */
export function overhangOf(fontSize: number): number {
  return Math.ceil(fontSize * OVERHANG_EM);
}

/** Share of the free width that goes before a line. */
export function alignmentOf(align: 'left' | 'center' | 'right'): number {
  return align === 'left' ? 0 : align === 'center' ? 0.5 : 1;
}

/** Only a border needs a bitmap of its own: the shadow goes with the letters. */
export function frameOf(
  decoration: Decoration,
  box: { width: number; height: number },
  scale: number,
): Piece[] {
  if (decoration.border === null) return [];
  return [
    toPiece('frame', toContent({ kind: 'nothing' }, { ...decoration, shadows: [] }, box, scale)),
  ];
}

/**
 * How large the box of a text layer is that may be so wide. At `min-content` it is as wide as its longest piece that
 * no line may end in, as CSS has it: no word is cut.
 */
export function textSizeOf(
  layer: LayerOf<'text'>,
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
export const viewText: ViewOf<LayerOf<'text'>> = (layer, context) => {
  const spans = layerSpans(layer);
  const layout = context.text.setText(toTextSpec(layer, spans));
  const padding = paddingOf(layer);
  const shown = revealText(layout, layer.reveal);
  const placed = placeText(layer, spans, { layout, shown }, decorationOf(layer), context.scale);
  return {
    width: layout.width + 2 * padding.x,
    height: layout.height + 2 * padding.y,
    pieces: placed === null ? [] : [toPiece('text', placed.content, placed.x, placed.y)],
  };
};
