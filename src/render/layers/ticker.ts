import type { LayerOf } from '../../scene/schema/layer.js';
import { PLAIN, toContent, type Content } from '../content.js';
import {
  decorationOf,
  keptByLook,
  toPiece,
  type Piece,
  type ViewContext,
  type ViewOf,
} from './piece.js';
import { baselineIn, frameOf, overhangOf, textStyleOf } from './text.js';

/** Bitmaps are at most this many font sizes long: a longer text is cut into several that follow each other. */
const STRIP_CHARS = 160;

/** A text that is next to nothing is repeated so often at the most. */
const MAX_COPIES = 128;

/** Cuts a text between words into strips of at most STRIP_CHARS; a word that is longer is cut itself. */
export function toStrips(text: string): string[] {
  const strips: string[] = [];
  let strip = '';
  for (const part of text.match(/\S{1,160}\s*|\s+/g) ?? []) {
    if (strip.length + part.length > STRIP_CHARS && strip !== '') {
      strips.push(strip);
      strip = '';
    }
    strip += part;
  }
  return strip === '' ? strips : [...strips, strip];
}

/** What is the same at every moment. */
type TickerLook = {
  readonly strips: readonly { readonly content: Content; readonly width: number }[];
  /** From one beginning of the text to the next, in units. */
  readonly period: number;
  readonly frame: readonly Piece[];
};

function lookOf(layer: LayerOf<'ticker'>, { scale, measure }: ViewContext): TickerLook {
  const { height } = layer;
  const decoration = decorationOf(layer);
  const style = textStyleOf(layer);
  const strips = toStrips(layer.text.replace(/\s*\n\s*/g, ' ')).map((text) => {
    const metrics = measure(style.font, 0, text);
    const lines = [{ text, x: 0, baseline: baselineIn(height, metrics) }];
    const stripDecoration = { ...PLAIN, shadows: decoration.shadows };
    const box = { width: Math.ceil(metrics.width), height };
    const drawing = { kind: 'text', style, lines } as const;
    return {
      content: toContent(drawing, stripDecoration, box, scale, overhangOf(layer.fontSize)),
      width: metrics.width,
    };
  });
  return {
    strips,
    period: strips.reduce((sum, { width }) => sum + width, 0) + layer.gap,
    frame: frameOf(decoration, layer, scale),
  };
}

/** A line of text that runs through its box without end. The text is painted once; only its place changes. */
export function createTickerView(): ViewOf<LayerOf<'ticker'>> {
  const keptLook = keptByLook<TickerLook>();
  return (layer, context) => {
    const { width, height, fontSize } = layer;
    const { strips, period, frame } = keptLook(context.look, () => lookOf(layer, context));
    if (strips.length === 0 || period <= 0) return { width, height, pieces: frame };
    const run = (layer.speed * context.sceneTimeMs) / 1000;
    // The first copy that can be seen begins at or left of the box's left edge.
    const start = -(((run % period) + period) % period);
    const pieces: Piece[] = [];
    for (let copy = 0, left = start; left < width && copy < MAX_COPIES; copy++, left += period) {
      let x = left;
      for (const [i, strip] of strips.entries()) {
        const isVisible = x + strip.width + fontSize > 0 && x - fontSize < width;
        if (isVisible) pieces.push(toPiece(`${copy}.${i}`, strip.content, x, 0, true));
        x += strip.width;
      }
    }
    return { width, height, pieces: [...pieces, ...frame] };
  };
}
