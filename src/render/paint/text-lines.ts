import type { Context2D } from '../canvas.js';
import type { Content, DrawingOf } from '../content.js';
import { letterStyleOf } from './fill.js';

/** Paints lines of text in one style. */
export function drawTextLines(
  context: Context2D,
  { boxWidth: width, boxHeight: height }: Content,
  { style, lines }: DrawingOf<'text'>,
): void {
  context.font = style.font;
  context.letterSpacing = `${style.letterSpacing}px`;
  context.fillStyle = letterStyleOf(context, style.color, { x: 0, y: 0, width, height });
  context.textBaseline = 'alphabetic';
  for (const { text, x, baseline } of lines) context.fillText(text, x, baseline);
}
