import type { Paint } from '../../scene/schema/style.js';
import { PLAIN, toContent, type Decoration } from '../../render/content.js';
import { circleArc, strokedPath } from '../../render/path-data.js';
import { toPiece, type Piece } from '../../render/piece.js';
import type { ProgressLayer } from './schema.js';

/** The end of a ring stands still as long as it would move by less than this part of a pixel. */
const RING_STEP_PX = 0.5;

/** A ring is painted anew as it grows: a part of a circle is no rectangle that could be cut out. */
export function ringPieces(
  layer: ProgressLayer,
  share: number,
  scale: number,
  shadows: Decoration,
): Piece[] {
  const { width, height, fill, trackColor, startAngle, direction } = layer;
  const thickness = Math.min(layer.thickness, width / 2, height / 2);
  const radius = (Math.min(width, height) - thickness) / 2;
  if (thickness <= 0 || radius <= 0) return [];
  const sign = direction === 'left' ? -1 : 1;
  const stepDeg = ((RING_STEP_PX / (radius * scale)) * 180) / Math.PI;
  const sweep = share >= 1 ? 360 : Math.round((share * 360) / stepDeg) * stepDeg;
  const centre = { x: width / 2, y: height / 2 };
  const paint = (name: string, paintOf: Paint, deg: number, decoration: Decoration): Piece => {
    const data = circleArc(centre, radius, startAngle, deg * sign);
    return toPiece(
      name,
      toContent(strokedPath(data, paintOf, thickness, layer.cap), decoration, layer, scale),
    );
  };
  return [
    paint('track', trackColor, 360, shadows),
    ...(sweep > 0 ? [paint('fill', fill, Math.min(360, sweep), PLAIN)] : []),
  ];
}
