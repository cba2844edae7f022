import { toContent, type Decoration } from '../../render/content.js';
import { colorAt } from '../../render/paint-at.js';
import { circleArc, strokedPath } from '../../render/path-data.js';
import { toPiece, type Piece } from '../../render/piece.js';
import { boxAround, smallPiece } from '../../render/small-path.js';
import { fillOf, type ShownLevel } from './levels.js';
import type { MeterLayer } from './schema.js';

/** What of a ring stays as it is: what lies below, and its lights, one piece each. */
export type MeterRing = { readonly track: readonly Piece[]; readonly lights: readonly Piece[] };

/** Points along an arc that say how far it reaches. */
const ARC_POINTS = 5;

/** Lays out a ring of lights. @param shadows - that its track throws */
export function layOutRing(layer: MeterLayer, scale: number, shadows: Decoration): MeterRing {
  const { width, height, sweep, startAngle, direction, trackColor } = layer;
  const thickness = Math.min(layer.thickness, width / 2, height / 2);
  const radius = (Math.min(width, height) - thickness) / 2;
  if (thickness <= 0 || radius <= 0) return { track: [], lights: [] };
  const count = Math.max(2, Math.round(layer.segments));
  // A whole turn has as many gaps as lights.
  const gaps = sweep >= 360 ? count : count - 1;
  const gapDeg = Math.min((layer.gap / radius) * (180 / Math.PI), sweep / gaps / 2);
  const lightDeg = (sweep - gapDeg * gaps) / count;
  const sign = direction === 'left' ? -1 : 1;
  const centre = { x: width / 2, y: height / 2 };
  const startOf = (i: number): number => startAngle + sign * i * (lightDeg + gapDeg);
  const arc = (i: number, dx: number, dy: number): string =>
    circleArc({ x: centre.x + dx, y: centre.y + dy }, radius, startOf(i), sign * lightDeg);
  const numbers = Array.from({ length: count }, (_, i) => i);
  const all = numbers.map((i) => arc(i, 0, 0)).join('');
  const fill = fillOf(layer);
  const pointOf = (deg: number): { x: number; y: number } => {
    const angle = (deg * Math.PI) / 180;
    return { x: centre.x + radius * Math.sin(angle), y: centre.y - radius * Math.cos(angle) };
  };
  const track = toContent(strokedPath(all, trackColor, thickness, 'butt'), shadows, layer, scale);
  return {
    track: [toPiece('track', track)],
    lights: numbers.map((i) => {
      const color = colorAt(fill, (i + 0.5) / count);
      const along = Array.from({ length: ARC_POINTS }, (_, k) =>
        pointOf(startOf(i) + (sign * lightDeg * k) / (ARC_POINTS - 1)),
      );
      return smallPiece(`light${i}`, boxAround(along, thickness), scale, (dx, dy) =>
        strokedPath(arc(i, dx, dy), color, thickness, 'butt'),
      );
    }),
  };
}

/** The lights that are on: each is painted once, however often it goes on. */
export function ringPieces({ track, lights }: MeterRing, { share, held }: ShownLevel): Piece[] {
  const lit = Math.round(share * lights.length);
  const mark = held === null ? 0 : Math.round(held * lights.length);
  return [...track, ...lights.filter((_, i) => i < lit || i === mark - 1)];
}
