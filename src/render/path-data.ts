import type { Paint } from '../scene/schema/style.js';
import type { Box } from '../scene/picture-fit.js';
import type { DrawingOf } from './content.js';

/** Paths that the service makes itself, and figures of them. Lengths are in units of the layer. */

function point(x: number, y: number): string {
  return `${x} ${y}`;
}

/** A rectangle with rounded corners, as far as there is room. */
export function roundedRectangle({ x, y, width, height }: Box, radius: number): string {
  const r = Math.max(0, Math.min(radius, width / 2, height / 2));
  if (r === 0) return `M${point(x, y)}h${width}v${height}h${-width}z`;
  const arc = (dx: number, dy: number): string => `a${r} ${r} 0 0 1 ${point(dx * r, dy * r)}`;
  const [across, down] = [width - 2 * r, height - 2 * r];
  return (
    `M${point(x + r, y)}h${across}${arc(1, 1)}v${down}${arc(-1, 1)}` +
    `h${-across}${arc(-1, -1)}v${-down}${arc(1, -1)}z`
  );
}

/**
 * A part of a circle. Angles are in degrees clockwise from the top; a negative sweep runs counter-clockwise. A whole
 * turn is closed.
 */
export function circleArc(
  { x, y }: { readonly x: number; readonly y: number },
  radius: number,
  startDeg: number,
  sweepDeg: number,
): string {
  const at = (deg: number): string => {
    const angle = (deg * Math.PI) / 180;
    return point(x + radius * Math.sin(angle), y - radius * Math.cos(angle));
  };
  const sweep = Math.max(-360, Math.min(360, sweepDeg));
  const [middle, flag] = [startDeg + sweep / 2, sweep > 0 ? 1 : 0];
  const arcTo = (deg: number): string => `A${radius} ${radius} 0 0 ${flag} ${at(deg)}`;
  const end = Math.abs(sweep) === 360 ? 'z' : '';
  return `M${at(startDeg)}${arcTo(middle)}${arcTo(startDeg + sweep)}${end}`;
}

/** What fills path data. */
export function filledPath(data: string, fill: Paint): DrawingOf<'figure'> {
  const outline = { type: 'path', data, viewBox: null } as const;
  return { kind: 'figure', outline, fill, fillRule: 'nonzero', stroke: null };
}

/** A line along path data. */
export function strokedPath(
  data: string,
  color: Paint,
  width: number,
  cap: 'round' | 'butt',
): DrawingOf<'figure'> {
  const appearance = { cap, join: 'round', align: 'center' } as const;
  const stroke = { ...appearance, color, width, dash: [], dashOffset: 0 };
  return { ...filledPath(data, 'transparent'), stroke };
}
