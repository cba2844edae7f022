import type { LayerOf } from '../../scene/schema/layer.js';
import { PLAIN, toContent, type Content, type Decoration, type TextStyle } from '../content.js';
import { toFont, type MeasureText } from '../text-metrics.js';
import { decorationOf, toPiece, type Piece, type ViewOf } from './piece.js';

type TextFields = Pick<
  LayerOf<'text'>,
  'fontFamily' | 'fontSize' | 'fontWeight' | 'fontStyle' | 'color' | 'align' | 'lineHeight'
> & { readonly letterSpacing?: number };

/** Signs may reach out of their line by this part of the font size: accents, italics, swashes. */
const OVERHANG_EM = 0.35;

export function textStyleOf(fields: TextFields): TextStyle {
  return { font: toFont(fields), color: fields.color, letterSpacing: fields.letterSpacing ?? 0 };
}

/** Room around a text for what its signs stick out. */
export function overhangOf(fontSize: number): number {
  return Math.ceil(fontSize * OVERHANG_EM);
}

/** From the top of a line to its baseline: half of what the line is higher than the signs goes above them (CSS half-leading). */
export function baselineIn(
  lineHeight: number,
  metrics: { readonly ascent: number; readonly descent: number },
): number {
  return (lineHeight - metrics.ascent - metrics.descent) / 2 + metrics.ascent;
}

/** Share of the free width that goes before a line. */
export function alignmentOf(align: 'left' | 'center' | 'right'): number {
  return align === 'left' ? 0 : align === 'center' ? 0.5 : 1;
}

/** Only a border needs a bitmap of its own: the shadow goes with the signs. */
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

function layOut(
  layer: LayerOf<'text'>,
  style: TextStyle,
  measure: MeasureText,
): { content: (scale: number, decoration: Decoration) => Content; width: number; height: number } {
  const measured = layer.text
    .split('\n')
    .map((text) => ({ text, metrics: measure(style.font, style.letterSpacing, text) }));
  const lineHeight = layer.fontSize * layer.lineHeight;
  const width =
    layer.width ?? Math.ceil(Math.max(1, ...measured.map(({ metrics }) => metrics.width)));
  const height = layer.height ?? measured.length * lineHeight;
  const lines = measured.map(({ text, metrics }, i) => ({
    text,
    x: (width - metrics.width) * alignmentOf(layer.align),
    baseline: i * lineHeight + baselineIn(lineHeight, metrics),
  }));
  return {
    width,
    height,
    content: (scale, decoration) =>
      toContent(
        { kind: 'text', style, lines },
        decoration,
        { width, height },
        scale,
        overhangOf(layer.fontSize),
      ),
  };
}

/** A text of one or more lines. */
export const viewText: ViewOf<LayerOf<'text'>> = (layer, context) => {
  const { width, height, content } = layOut(layer, textStyleOf(layer), context.measure);
  const decoration = decorationOf(layer);
  const text = content(context.scale, { ...PLAIN, shadows: decoration.shadows });
  return {
    width,
    height,
    pieces: [...frameOf(decoration, { width, height }, context.scale), toPiece('text', text)],
  };
};
