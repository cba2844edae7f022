import { PLAIN, type Content } from '../../render/content.js';
import type { TextEngine } from '../../render/text/engine.js';
import { partContent, shiftedPart } from '../../render/text/line-part.js';
import type { ShapedLine } from '../../render/text/shaped-line.js';
import { placeText } from '../../render/text/text-block.js';
import type { TextLayout } from '../../render/text/text-spec.js';
import { baselineOf, groupClusters } from '../../render/line-cells.js';
import { decorationOf, type ViewContext } from '../../render/piece.js';
import type { TickerLayer } from './schema.js';

type Context = Pick<ViewContext, 'text' | 'scale'>;

type ColouredText = { readonly text: string; readonly color: string };

/** A bitmap of a text and where it stands, from the top left of what it is a part of. */
export type Strip = { readonly content: Content; readonly x: number; readonly y: number };

/** A longer text is cut into several bitmaps that follow each other: so many font sizes, or lines. */
const LONGEST_EM = 40;
const MOST_LINES = 12;

/** Multiple of the font size, of lines that run upwards or downwards. */
const LINE_HEIGHT = 1.3;

function setLine(layer: TickerLayer, text: string, engine: TextEngine): ShapedLine {
  const { fontFamily, fontSize, fontWeight, fontStyle, digits } = layer;
  const font = { fontFamily, fontSize, fontWeight, fontStyle };
  return engine.setLine({ text, ...font, letterSpacing: 0, direction: 'auto', digits });
}

/** How wide a text is in one line. */
export function lineWidth(layer: TickerLayer, text: string, engine: TextEngine): number {
  return setLine(layer, text, engine).width;
}

/** A text in one line, in the middle of the layer's height. */
export function lineStrips(
  layer: TickerLayer,
  { text, color }: ColouredText,
  { text: engine, scale }: Context,
): Strip[] {
  const line = setLine(layer, text, engine);
  const baseline = baselineOf(layer.height, line, scale);
  const { shadows } = decorationOf(layer);
  return groupClusters(line, LONGEST_EM * layer.fontSize, false).flatMap(({ first, end }) => {
    const part = engine.cut(line, first, end);
    // On a whole pixel of the bitmap, so that all strips of a text lie alike between those of the frame.
    const x = Math.floor(part.x * scale) / scale;
    const area = { x: 0, y: -line.ascent, width: part.width, height: line.ascent + line.descent };
    const appearance = { fill: color, shadows, area };
    const placed = partContent(shiftedPart(part, part.x - x), appearance, scale);
    return placed === null
      ? []
      : [{ content: placed.content, x: x + placed.x, y: baseline + placed.y }];
  });
}

function blockLayout(
  layer: TickerLayer,
  text: string,
  width: number,
  engine: TextEngine,
): TextLayout {
  const { fontFamily, fontSize, fontWeight, fontStyle, align, digits } = layer;
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
    digits,
  });
}

/** How high a text is in lines of a width. */
export function blockHeight(
  layer: TickerLayer,
  text: string,
  width: number,
  engine: TextEngine,
): number {
  return text === '' ? 0 : blockLayout(layer, text, width, engine).height;
}

/** A text in lines of a width. */
export function blockStrips(
  layer: TickerLayer,
  { text, color, width }: ColouredText & { readonly width: number },
  { text: engine, scale }: Context,
): Strip[] {
  const layout = blockLayout(layer, text, width, engine);
  const decoration = { ...PLAIN, shadows: decorationOf(layer).shadows };
  const painted = { box: null, stroke: null, color };
  const strips: Strip[] = [];
  for (let first = 0; first < layout.lines.length; first += MOST_LINES) {
    const lines = layout.lines.slice(first, first + MOST_LINES);
    const part = { ...layout, key: `${layout.key} ${first}`, lines };
    const placed = placeText(painted, [], { layout: part, shown: part, decoration }, scale);
    if (placed !== null) strips.push(placed);
  }
  return strips;
}
