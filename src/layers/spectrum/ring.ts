import { colorAt } from '../../render/paint-at.js';
import { strokedPath } from '../../render/path-data.js';
import type { Piece } from '../../render/piece.js';
import { boxAround, smallPiece } from '../../render/small-path.js';
import { columnCount } from './columns.js';
import type { SpectrumLayer } from './schema.js';

/** Bars of a ring have so many lengths at the most, and differ by so many pixels at the least: each is painted once. */
const MOST_LENGTHS = 40;
const LENGTH_STEP_PX = 2;

/** The pieces of a ring, by how full its bars are. */
export type RingPieces = (shares: readonly number[]) => Piece[];

/** Lays out a ring: each of its bars is worked out once at each of its lengths. */
export function layOutSpectrumRing(layer: SpectrumLayer, scale: number): RingPieces {
  const { width, height, innerRadius, startAngle, fill, gap, restLength } = layer;
  const outer = Math.min(width, height) / 2;
  const count = columnCount(layer);
  const inner = outer * Math.min(0.95, innerRadius);
  const room = outer - inner;
  if (room <= 0) return () => [];
  const between = (2 * Math.PI * inner) / count;
  const thickness = Math.max(1 / scale, between - Math.min(gap, between * 0.8));
  // Round ends reach beyond the line.
  const longest = Math.max(0, room - thickness / 2);
  const steps = Math.max(1, Math.min(MOST_LENGTHS, Math.floor((longest * scale) / LENGTH_STEP_PX)));

  const barOf = (i: number, step: number): Piece | null => {
    const length = Math.max(Math.min(restLength, longest), (step / steps) * longest);
    if (length <= 0) return null;
    const angle = ((startAngle + ((i + 0.5) * 360) / count) * Math.PI) / 180;
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
    const at = (radius: number): { readonly x: number; readonly y: number } => {
      return { x: width / 2 + radius * sine, y: height / 2 - radius * cosine };
    };
    const [from, to] = [at(inner + thickness / 2), at(inner + Math.max(thickness / 2, length))];
    const color = colorAt(fill, (i + 0.5) / count);
    return smallPiece(`bar${i}`, boxAround([from, to], thickness), scale, (dx, dy) =>
      strokedPath(
        `M${from.x + dx} ${from.y + dy}L${to.x + dx} ${to.y + dy}`,
        color,
        thickness,
        'round',
      ),
    );
  };
  const bars = Array.from({ length: count }, () => new Map<number, Piece | null>());
  return (shares) =>
    bars.flatMap((known, i) => {
      const step = Math.round((shares[i] ?? 0) * steps);
      const piece = known.has(step) ? known.get(step) : barOf(i, step);
      known.set(step, piece ?? null);
      return piece ?? [];
    });
}
