import type { LayerOf } from '../../scene/schema/layer.js';
import { PLAIN, toContent, type Content } from '../content.js';
import type { TextEngine } from '../text/engine.js';
import { placeText } from '../text/text-block.js';
import type { TextLayout } from '../text/text-spec.js';
import { decorationOf, type ViewContext } from './piece.js';
import { baselineIn, overhangOf, textStyleOf } from './text.js';

type Ticker = LayerOf<'ticker'>;
type Context = Pick<ViewContext, 'measure' | 'scale'>;

/** A bitmap of a text and where it stands, from the top left of what it is a part of. */
export type Strip = {
  readonly content: Content;
  readonly x: number;
  readonly y: number;
  /** Along the way. */
  readonly extent: number;
};

/** Bitmaps are at most this many font sizes long: a longer text is cut into several that follow each other. */
const STRIP_CHARS = 160;

/** Multiple of the font size, of lines that run upwards or downwards. */
const LINE_HEIGHT = 1.3;

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

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

/** How wide a text is in one line of a font. */
export function lineWidth(font: string, text: string, measure: Context['measure']): number {
  return toStrips(oneLine(text)).reduce((sum, part) => sum + measure(font, 0, part).width, 0);
}

/** A text in one line, as high as the layer. */
export function lineStrips(
  layer: Ticker,
  text: string,
  color: string,
  { measure, scale }: Context,
): Strip[] {
  const { height } = layer;
  const style = { ...textStyleOf(layer), color };
  const decoration = { ...PLAIN, shadows: decorationOf(layer).shadows };
  let x = 0;
  return toStrips(oneLine(text)).map((part): Strip => {
    const metrics = measure(style.font, 0, part);
    const lines = [{ text: part, x: 0, baseline: baselineIn(height, metrics) }];
    const box = { width: Math.ceil(metrics.width), height };
    const drawing = { kind: 'text', style, lines } as const;
    const content = toContent(drawing, decoration, box, scale, overhangOf(layer.fontSize));
    const strip = { content, x, y: 0, extent: metrics.width };
    x += metrics.width;
    return strip;
  });
}

function blockLayout(layer: Ticker, text: string, width: number, engine: TextEngine): TextLayout {
  const { fontFamily, fontSize, fontWeight, fontStyle, align } = layer;
  return engine.setText({
    spans: [
      { text, fontFamily, fontSize, fontWeight, fontStyle, letterSpacing: 0, objectWidth: null },
    ],
    width: Math.max(1, width),
    height: null,
    wrap: 'word',
    align,
    verticalAlign: 'top',
    lineHeight: LINE_HEIGHT,
    maxLines: null,
    fit: 'none',
    minFontSize: 1,
    direction: 'auto',
    digits: 'auto',
  });
}

/** How high a text is in lines of a width. */
export function blockHeight(
  layer: Ticker,
  text: string,
  width: number,
  engine: TextEngine,
): number {
  return text === '' ? 0 : blockLayout(layer, text, width, engine).height;
}

/** A text in lines of a width. */
export function blockStrips(
  layer: Ticker,
  text: string,
  color: string,
  width: number,
  { text: engine, scale }: Pick<ViewContext, 'text' | 'scale'>,
): Strip[] {
  const layout = blockLayout(layer, text, width, engine);
  const decoration = { ...PLAIN, shadows: decorationOf(layer).shadows };
  const painted = { box: null, stroke: null, color };
  const placed = placeText(painted, [], { layout, shown: layout }, decoration, scale);
  return placed === null ? [] : [{ ...placed, extent: layout.height }];
}
