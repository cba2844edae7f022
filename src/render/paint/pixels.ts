import type { Context2D } from '../canvas.js';
import type { Content } from '../content.js';

/** The box of a content in pixels of its bitmap. */
export function boxPixels({ widthPx, heightPx, padPx }: Content): {
  readonly width: number;
  readonly height: number;
} {
  return { width: widthPx - 2 * padPx, height: heightPx - 2 * padPx };
}

/** Draws pixel by pixel: while `draw` runs, a unit is a pixel of the bitmap, from the top left of the box. */
export function inPixels(context: Context2D, { padPx }: Content, draw: () => void): void {
  context.save();
  context.setTransform(1, 0, 0, 1, padPx, padPx);
  draw();
  context.restore();
}
