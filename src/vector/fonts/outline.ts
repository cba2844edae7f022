import type { OutlineStep } from '../../fonts/glyph-drawing.js';
import { boldnessEm, LARGE_PX, SLANT } from '../../fonts/synthetic-style.js';

export type Point = { readonly x: number; readonly y: number };
type OutlinePoint = Point & { readonly isOn: boolean };
export type Contour = readonly OutlinePoint[];

/** Cubic curves are drawn as so many quadratic ones. */
const CUBIC_PARTS = 4;

function mix(a: Point, b: Point, t: number): Point {
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}

/** A cubic curve as quadratic ones: control point and end of each. */
function quadratics(start: Point, c1: Point, c2: Point, end: Point): OutlinePoint[] {
  const at = (t: number): Point => {
    const [a, b, c] = [mix(start, c1, t), mix(c1, c2, t), mix(c2, end, t)];
    return mix(mix(a, b, t), mix(b, c, t), t);
  };
  const slope = (t: number): Point => {
    const [a, b, c] = [mix(start, c1, t), mix(c1, c2, t), mix(c2, end, t)];
    const [from, to] = [mix(a, b, t), mix(b, c, t)];
    return { x: 3 * (to.x - from.x), y: 3 * (to.y - from.y) };
  };
  const points: OutlinePoint[] = [];
  for (let i = 0; i < CUBIC_PARTS; i++) {
    const [t0, t1] = [i / CUBIC_PARTS, (i + 1) / CUBIC_PARTS];
    const [p0, p3, d0, d3] = [at(t0), at(t1), slope(t0), slope(t1)];
    const third = (t1 - t0) / 3;
    const [q1, q2] = [
      { x: p0.x + d0.x * third, y: p0.y + d0.y * third },
      { x: p3.x - d3.x * third, y: p3.y - d3.y * third },
    ];
    points.push(
      {
        x: (3 * (q1.x + q2.x) - p0.x - p3.x) / 4,
        y: (3 * (q1.y + q2.y) - p0.y - p3.y) / 4,
        isOn: false,
      },
      { ...p3, isOn: true },
    );
  }
  return points;
}

/** The outline of a glyph, brought to heights of its font and moved. @param offset in these */
export function contoursOf(
  steps: readonly OutlineStep[],
  unitsPerEm: number,
  offset: Point,
): Contour[] {
  const contours: OutlinePoint[][] = [];
  for (const { type, values } of steps) {
    const points: Point[] = [];
    for (let i = 0; i + 1 < values.length; i += 2)
      points.push({
        x: (values[i] ?? 0) / unitsPerEm + offset.x,
        y: (values[i + 1] ?? 0) / unitsPerEm + offset.y,
      });
    const [a, b, c] = points;
    const contour = contours.at(-1);
    const before = contour?.at(-1);
    if (type === 'M' && a !== undefined) contours.push([{ ...a, isOn: true }]);
    else if (contour === undefined || before === undefined || a === undefined) continue;
    else if (type === 'L') contour.push({ ...a, isOn: true });
    else if (type === 'Q' && b !== undefined)
      contour.push({ ...a, isOn: false }, { ...b, isOn: true });
    else if (type === 'C' && b !== undefined && c !== undefined)
      contour.push(...quadratics(before, a, b, c));
  }
  return contours;
}

/** Each contour slanted about the baseline, as browsers slant what has no italic face. */
export function slanted(contours: readonly Contour[]): Contour[] {
  return contours.map((contour) =>
    contour.map(({ x, y, isOn }) => ({ x: x + SLANT * y, y, isOn })),
  );
}

/** Twice the area that a contour goes around, positive when it does so against the clock. */
function areaOf(contour: Contour): number {
  return contour.reduce((sum, { x, y }, i) => {
    const next = contour[(i + 1) % contour.length] ?? { x, y };
    return sum + x * next.y - next.x * y;
  }, 0);
}

/** A corner is moved outwards by so many times the line's half width at most. */
const MITER_LIMIT = 4;

/** Outlines that are bolder by a line of the width that browsers draw around what has no bold face. */
export function emboldened(contours: readonly Contour[]): Contour[] {
  // Outer contours go one way and inner ones the other; which way is outside depends on the kind of font.
  const total = contours.reduce((sum, contour) => sum + areaOf(contour), 0);
  const half = ((total < 0 ? -1 : 1) * boldnessEm(LARGE_PX)) / 2;
  return contours.map((contour) => {
    const points = contour.filter(({ x, y }, i) => {
      const before = contour[(i + contour.length - 1) % contour.length];
      return contour.length === 1 || before?.x !== x || before.y !== y;
    });
    return points.map((point, i) => {
      const before = points[(i + points.length - 1) % points.length] ?? point;
      const after = points[(i + 1) % points.length] ?? point;
      const [inX, inY] = unit(point.x - before.x, point.y - before.y);
      const [outX, outY] = unit(after.x - point.x, after.y - point.y);
      // The sum of both sides' normals, as long as their meeting point is away.
      const [nx, ny] = [inY + outY, -inX - outX];
      const scale = half * Math.min(MITER_LIMIT, 2 / Math.max(1e-6, nx * nx + ny * ny));
      return { x: point.x + nx * scale, y: point.y + ny * scale, isOn: point.isOn };
    });
  });
}

function unit(x: number, y: number): readonly [number, number] {
  const length = Math.hypot(x, y);
  return length === 0 ? [0, 0] : [x / length, y / length];
}
