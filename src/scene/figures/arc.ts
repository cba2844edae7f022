import type { PathSegment, Point } from './path-segment.js';

/** An elliptical arc of an SVG path. */
export type Arc = {
  readonly radiusX: number;
  readonly radiusY: number;
  /** Of the ellipse's x axis, clockwise. */
  readonly rotationDeg: number;
  readonly isLarge: boolean;
  readonly isClockwise: boolean;
};

/** A cubic curve is as good as an arc up to this angle: it is off by less than 0.03 % of the radius. */
const LONGEST_CURVE_RAD = Math.PI / 2;

/** The angle from one direction to another, clockwise, -π to π. */
function angleBetween(ux: number, uy: number, vx: number, vy: number): number {
  return Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy);
}

/**
 * An arc from one point to another as cubic curves, by
 * https://www.w3.org/TR/SVG2/implnote.html#ArcConversionEndpointToCenter. Radii that are too small are made larger;
 * without any it is a line.
 */
export function arcToCurves(from: Point, to: Point, arc: Arc): PathSegment[] {
  if (from.x === to.x && from.y === to.y) return [];
  let [rx, ry] = [Math.abs(arc.radiusX), Math.abs(arc.radiusY)];
  if (rx === 0 || ry === 0) return [{ type: 'line', ...to }];
  const phi = (arc.rotationDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(phi), Math.sin(phi)];
  const [halfX, halfY] = [(from.x - to.x) / 2, (from.y - to.y) / 2];
  const [x, y] = [cos * halfX + sin * halfY, cos * halfY - sin * halfX];
  const grow = Math.sqrt(Math.max(1, (x / rx) ** 2 + (y / ry) ** 2));
  [rx, ry] = [rx * grow, ry * grow];
  const denominator = (rx * y) ** 2 + (ry * x) ** 2;
  const root = Math.sqrt(Math.max(0, ((rx * ry) ** 2 - denominator) / denominator));
  const sign = arc.isLarge === arc.isClockwise ? -1 : 1;
  const [ownX, ownY] = [(sign * root * rx * y) / ry, (-sign * root * ry * x) / rx];
  const centerX = cos * ownX - sin * ownY + (from.x + to.x) / 2;
  const centerY = sin * ownX + cos * ownY + (from.y + to.y) / 2;
  const [startX, startY] = [(x - ownX) / rx, (y - ownY) / ry];
  const start = angleBetween(1, 0, startX, startY);
  const least = angleBetween(startX, startY, (-x - ownX) / rx, (-y - ownY) / ry);
  const turn = 2 * Math.PI;
  const sweep = arc.isClockwise ? (least + turn) % turn : (least - turn) % turn || -turn;
  const count = Math.max(1, Math.ceil(Math.abs(sweep) / LONGEST_CURVE_RAD - 1e-9));
  const step = sweep / count;
  // How far control points stand from the ends: https://pomax.github.io/bezierinfo/#circles_cubic
  const reach = (4 / 3) * Math.tan(step / 4);
  const at = (ux: number, uy: number): Point => ({
    x: centerX + cos * rx * ux - sin * ry * uy,
    y: centerY + sin * rx * ux + cos * ry * uy,
  });
  return Array.from({ length: count }, (_, i): PathSegment => {
    const [a, b] = [start + i * step, start + (i + 1) * step];
    const one = at(Math.cos(a) - reach * Math.sin(a), Math.sin(a) + reach * Math.cos(a));
    const two = at(Math.cos(b) + reach * Math.sin(b), Math.sin(b) - reach * Math.cos(b));
    const end = i === count - 1 ? to : at(Math.cos(b), Math.sin(b));
    return { type: 'curve', x1: one.x, y1: one.y, x2: two.x, y2: two.y, ...end };
  });
}
