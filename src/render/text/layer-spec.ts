import type { LayerOf } from '../../scene/schema/layer.js';
import { SCENE_LIMITS } from '../../scene/limits.js';
import type { Paint } from '../../scene/schema/style.js';
import type { TextSpan } from '../../scene/schema/text-style.js';
import type { SpanSpec, TextSpec } from './text-spec.js';

type TextLayer = LayerOf<'text'>;

/** A span of a layer with all that it takes over from it. */
export type LayerSpan = SpanSpec & {
  readonly color: Paint;
  readonly underline: boolean;
  readonly strikethrough: boolean;
};

/** Space between the edges of the box behind a text and the text. */
export type Padding = { readonly x: number; readonly y: number };

export function paddingOf({ box }: Pick<TextLayer, 'box'>): Padding {
  const padding = box?.padding ?? 0;
  return typeof padding === 'number' ? { x: padding, y: padding } : padding;
}

/** Fields that move may stop between two whole numbers, or overshoot. */
function within(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}

/** The spans of a text layer; a text without spans is one. */
export function layerSpans(layer: TextLayer): LayerSpan[] {
  const spans: readonly TextSpan[] = layer.spans ?? [{ text: layer.text ?? '' }];
  return (spans.length === 0 ? [{ text: '' }] : spans).map((span: TextSpan) => ({
    text: span.text,
    fontFamily: span.fontFamily ?? layer.fontFamily,
    fontSize: within(span.fontSize ?? layer.fontSize, 1, SCENE_LIMITS.fontSizePx),
    fontWeight: span.fontWeight ?? layer.fontWeight,
    fontStyle: span.fontStyle ?? layer.fontStyle,
    letterSpacing: span.letterSpacing ?? layer.letterSpacing,
    objectWidth: null,
    color: span.color ?? layer.color,
    underline: span.underline ?? layer.underline,
    strikethrough: span.strikethrough ?? layer.strikethrough,
  }));
}

/** What of a span moves letters. */
export function toSpanSpec(span: SpanSpec): SpanSpec {
  const { text, fontFamily, fontSize, fontWeight, fontStyle, letterSpacing, objectWidth } = span;
  return { text, fontFamily, fontSize, fontWeight, fontStyle, letterSpacing, objectWidth };
}

/** What the text of a layer is set from; the space that its box keeps free is taken off. */
export function toTextSpec(layer: TextLayer, spans: readonly LayerSpan[]): TextSpec {
  const padding = paddingOf(layer);
  const inner = (extent: number | undefined, space: number): number | null =>
    extent === undefined ? null : Math.max(1, extent - 2 * space);
  return {
    spans: spans.map(toSpanSpec),
    width: inner(layer.width, padding.x),
    height: inner(layer.height, padding.y),
    wrap: layer.wrap,
    align: layer.align,
    verticalAlign: layer.verticalAlign,
    lineHeight: layer.lineHeight,
    maxLines: layer.maxLines === null ? null : Math.max(1, Math.round(layer.maxLines)),
    fit: layer.fit,
    minFontSize: Math.max(1, layer.minFontSize),
    direction: layer.direction,
    digits: layer.digits,
  };
}
