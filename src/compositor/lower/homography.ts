import type { Rect } from '../../memory/region.js';
import type { Matrix } from './matrix.js';

/** A projective transform: x' = (a·x + b·y + c) / w, y' = (d·x + e·y + f) / w, w = g·x + h·y + i. */
export type Homography = {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly g: number;
  readonly h: number;
  readonly i: number;
};

export function toHomography({ a, b, c, d, e, f }: Matrix): Homography {
  return { a, b: c, c: e, d: b, e: d, f, g: 0, h: 0, i: 1 };
}

/** First `inner`, then `outer`. */
export function project(outer: Homography, inner: Homography): Homography {
  const row = (x: number, y: number, z: number) =>
    [
      x * inner.a + y * inner.d + z * inner.g,
      x * inner.b + y * inner.e + z * inner.h,
      x * inner.c + y * inner.f + z * inner.i,
    ] as const;
  const [a, b, c] = row(outer.a, outer.b, outer.c);
  const [d, e, f] = row(outer.d, outer.e, outer.f);
  const [g, h, i] = row(outer.g, outer.h, outer.i);
  return { a, b, c, d, e, f, g, h, i };
}

/** The inverse up to a factor, which a projective transform does not know (the adjugate). */
export function invert({ a, b, c, d, e, f, g, h, i }: Homography): Homography {
  return {
    a: e * i - f * h,
    b: c * h - b * i,
    c: b * f - c * e,
    d: f * g - d * i,
    e: a * i - c * g,
    f: c * d - a * f,
    g: d * h - e * g,
    h: b * g - a * h,
    i: a * e - b * d,
  };
}

const RADIANS = Math.PI / 180;

/**
 * Turns a plane about its horizontal and vertical axes and looks at it from `distance` units away, as CSS does with
 * perspective(), rotateX() and rotateY(): https://www.w3.org/TR/css-transforms-2/. The eye is before the origin.
 */
export function tilt(rotationX: number, rotationY: number, distance: number): Homography {
  const [sinX, cosX] = [Math.sin(rotationX * RADIANS), Math.cos(rotationX * RADIANS)];
  const [sinY, cosY] = [Math.sin(rotationY * RADIANS), Math.cos(rotationY * RADIANS)];
  return {
    a: cosY,
    b: 0,
    c: 0,
    d: sinY * sinX,
    e: cosX,
    f: 0,
    g: (sinY * cosX) / distance,
    h: -sinX / distance,
    i: 1,
  };
}

/** The rectangle around a projected rectangle, not rounded; null when part of it is not before the eye. */
export function projectedBounds(t: Homography, { x0, y0, x1, y1 }: Rect): Rect | null {
  const corners = [
    [x0, y0],
    [x1, y0],
    [x0, y1],
    [x1, y1],
  ].map(([x = 0, y = 0]) => {
    const w = t.g * x + t.h * y + t.i;
    return { x: (t.a * x + t.b * y + t.c) / w, y: (t.d * x + t.e * y + t.f) / w, w };
  });
  if (corners.some(({ w }) => w <= 0)) return null;
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}
