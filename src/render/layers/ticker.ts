import type { LayerOf } from '../../scene/schema/layer.js';
import { PLAIN, toContent } from '../content.js';
import { decorationOf, toPiece, type ViewOf } from './piece.js';
import { baselineIn, frameOf, overhangOf, textStyleOf } from './text.js';

/** Bitmaps are at most this many font sizes long: a longer text is cut into several that follow each other. */
const STRIP_CHARS = 160;

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

/** A line of text that runs through its box without end. The text is painted once; only its place changes. */
export const viewTicker: ViewOf<LayerOf<'ticker'>> = (layer, context) => {
  const { width, height } = layer;
  const decoration = decorationOf(layer);
  const style = textStyleOf({ ...layer, align: 'left', lineHeight: 1 });
  const text = layer.text.replace(/\s*\n\s*/g, ' ');
  const strips = toStrips(text).map((strip) => ({
    strip,
    metrics: context.measure(style.font, 0, strip),
  }));
  const textWidth = strips.reduce((sum, { metrics }) => sum + metrics.width, 0);
  const period = textWidth + layer.gap;
  if (strips.length === 0 || period <= 0)
    return { width, height, pieces: frameOf(decoration, layer, context.scale) };

  const run = (layer.speed * context.sceneTimeMs) / 1000;
  // The first copy that can be seen begins at or left of the box's left edge.
  const start = -(((run % period) + period) % period);
  const pieces = [];
  for (let copy = 0, left = start; left < width; copy++, left += period) {
    let x = left;
    for (const [i, { strip, metrics }] of strips.entries()) {
      if (x + metrics.width + layer.fontSize > 0 && x - layer.fontSize < width) {
        const lines = [{ text: strip, x: 0, baseline: baselineIn(height, metrics) }];
        const content = toContent(
          { kind: 'text', style, lines },
          { ...PLAIN, shadow: decoration.shadow },
          { width: Math.ceil(metrics.width), height },
          context.scale,
          overhangOf(layer.fontSize),
        );
        pieces.push(toPiece(`${copy}.${i}`, content, x, 0, true));
      }
      x += metrics.width;
    }
  }
  return { width, height, pieces: [...pieces, ...frameOf(decoration, layer, context.scale)] };
};
