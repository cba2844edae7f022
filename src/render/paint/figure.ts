import { toHexColor } from '../../scene/color.js';
import type { Context2D } from '../canvas.js';
import type { Content, Drawing, DrawingOf } from '../content.js';

/** Makes the outline of a drawing's box the path of a context: an ellipse, or a rectangle with rounded corners. */
export function traceBox(
  context: Context2D,
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): void {
  context.beginPath();
  if (drawing.kind === 'ellipse')
    context.ellipse(x + width / 2, y + height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI);
  else context.roundRect(x, y, width, height, Math.max(0, Math.min(radius, width / 2, height / 2)));
}

/** Paints a line from the top left of its box to the bottom right. */
export function drawLine(
  context: Context2D,
  { boxWidth, boxHeight }: Content,
  { fill, lineWidth }: DrawingOf<'line'>,
): void {
  context.strokeStyle = toHexColor(fill);
  context.lineWidth = lineWidth;
  context.beginPath();
  context.moveTo(0, 0);
  context.lineTo(boxWidth, boxHeight);
  context.stroke();
}
