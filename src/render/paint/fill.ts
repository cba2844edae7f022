import { toChannels, toHexColor } from '../../scene/color.js';
import type { Gradient, Paint } from '../../scene/schema/style.js';
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

/** A colour or gradient as a canvas takes it; geometry and mixing as in https://www.w3.org/TR/css-images-3/#gradients. */
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
  for (const { at, color } of premultipliedStops(paint.stops)) gradient.addColorStop(at, color);
  return gradient;
}

type Stops = Gradient['stops'];

/** So many colours stand for a stretch in which the opacity changes: no step of 8 bits is missed by more than one. */
const STRETCH_PARTS = 24;

/**
 * The stops of a gradient as a canvas must have them so that colours are mixed premultiplied, as CSS wants it: a
 * canvas mixes colour and opacity apart, and what fades to `transparent` would become dark on its way.
 */
function premultipliedStops(stops: Stops): Stops {
  const ordered = stops.toSorted((a, b) => a.at - b.at);
  const colors = ordered.map(({ color }) => toChannels(color));
  return ordered.flatMap(({ at, color }, i) => {
    const stop = { at, color: toHexColor(color) };
    const [from, to, end] = [colors[i], colors[i + 1], ordered[i + 1]];
    if (from === undefined || to === undefined || end === undefined) return [stop];
    if (from[3] === to[3]) return [stop];
    const parts = Array.from({ length: STRETCH_PARTS - 1 }, (_, k) => {
      const share = (k + 1) / STRETCH_PARTS;
      return { at: at + (end.at - at) * share, color: mixPremultiplied(from, to, share) };
    });
    // Where one end is not seen at all, its colour does not count.
    const seen = (a: Channels, b: Channels): string =>
      toHex(a[3] === 0 ? [b[0], b[1], b[2], 0] : a);
    return [{ at, color: seen(from, to) }, ...parts, { at: end.at, color: seen(to, from) }];
  });
}

type Channels = ReturnType<typeof toChannels>;

function toHex(channels: Channels): string {
  const byte = (value: number): string =>
    Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${channels.map(byte).join('')}`;
}

function mixPremultiplied(from: Channels, to: Channels, share: number): string {
  const alpha = from[3] + (to[3] - from[3]) * share;
  const mix = (i: 0 | 1 | 2): number =>
    alpha === 0 ? 0 : (from[i] * from[3] * (1 - share) + to[i] * to[3] * share) / alpha;
  return toHex([mix(0), mix(1), mix(2), alpha]);
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
