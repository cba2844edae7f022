import { toHexColor } from '../../scene/color.js';
import type { Paint } from '../../scene/schema/style.js';
import type { Context2D } from '../canvas.js';

/** The box over which a gradient runs, in the units that are drawn in. */
export type FillBox = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

type FillStyle = Context2D['fillStyle'];

const QUARTER_TURN_DEG = 90;

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** A colour or gradient as a canvas takes it; geometry as in https://www.w3.org/TR/css-images-3/#gradients. */
export function fillStyleOf(context: Context2D, paint: Paint, box: FillBox): FillStyle {
  if (typeof paint === 'string') return toHexColor(paint);
  const { x, y, width, height } = box;
  const gradient = ((): ReturnType<Context2D['createLinearGradient']> => {
    if (paint.type === 'linear') {
      const [sin, cos] = [Math.sin(radians(paint.angle)), Math.cos(radians(paint.angle))];
      // So long that the corners have just the first and the last colour.
      const half = (Math.abs(width * sin) + Math.abs(height * cos)) / 2;
      const [middleX, middleY] = [x + width / 2, y + height / 2];
      const [dx, dy] = [sin * half, -cos * half];
      return context.createLinearGradient(middleX - dx, middleY - dy, middleX + dx, middleY + dy);
    }
    const [centreX, centreY] = [x + paint.center.x * width, y + paint.center.y * height];
    if (paint.type === 'radial') {
      const radius = paint.radius * Math.max(width, height);
      return context.createRadialGradient(centreX, centreY, 0, centreX, centreY, radius);
    }
    // A canvas begins at three o'clock, CSS at twelve.
    const start = radians(paint.angle - QUARTER_TURN_DEG);
    return context.createConicGradient(start, centreX, centreY);
  })();
  for (const { at, color } of paint.stops) gradient.addColorStop(at, toHexColor(color));
  return gradient;
}

/** Further away than any letter is drawn, in whatever units. */
const OUT_OF_SIGHT = 1e6;

/** The colour that makes another one a medium grey when the two are averaged. */
function complementOf(hex: string): string {
  const channels = [1, 3, 5].map((at) => 255 - Number.parseInt(hex.slice(at, at + 2), 16));
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}${hex.slice(7)}`;
}

/**
 * As above, for letters. Skia makes the edges of light letters stronger and those of dark ones weaker, by constants
 * that each build sets for itself: with those of the canvas binding, white letters are a tenth bolder than in a
 * browser, and black ones as much thinner. It goes by the average of a gradient's stops, so a colour is given as a
 * gradient with a medium average of which only that colour is in sight: then letters of all colours look as their
 * outlines are. A line of 800 pixels takes 45 µs longer.
 */
export function letterStyleOf(context: Context2D, paint: Paint, box: FillBox): FillStyle {
  if (typeof paint !== 'string') return fillStyleOf(context, paint, box);
  const color = toHexColor(paint);
  const gradient = context.createLinearGradient(0, 0, OUT_OF_SIGHT, 0);
  gradient.addColorStop(0, color);
  gradient.addColorStop(0.5, color);
  gradient.addColorStop(0.5, complementOf(color));
  gradient.addColorStop(1, complementOf(color));
  return gradient;
}
