import { toHexColor } from '../../scene/color.js';
import type { Canvas, Context2D } from '../canvas.js';
import type { Shadow } from '../content.js';

/**
 * Throws the shadows of a drawing and puts it on top of them. A shadow is that of the whole drawing, not of each of
 * its strokes, so the drawing comes on a canvas of its own, and its shadow is thrown from out of sight. The context
 * must not be transformed; `scale` says how many pixels a unit of the shadows has.
 */
export function drawWithShadows(
  context: Context2D,
  drawing: Canvas,
  shadows: readonly Shadow[],
  scale: number,
): void {
  const { width } = drawing;
  for (const shadow of shadows.toReversed()) {
    context.shadowColor = toHexColor(shadow.color);
    context.shadowBlur = shadow.blur * scale;
    context.shadowOffsetX = shadow.x * scale + width;
    context.shadowOffsetY = shadow.y * scale;
    context.drawImage(drawing, -width, 0);
    // Asking for the pixels has it drawn now: each blur needs several times the room of the drawing, and the binding
    // would do them all at once. Eight shadows of 8 megapixels took 630 MB so, and take 250.
    if (shadows.length > 1) context.canvas.data();
  }
  context.shadowColor = 'transparent';
  context.drawImage(drawing, 0, 0);
}
