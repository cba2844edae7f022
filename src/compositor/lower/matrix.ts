import type { Rect } from '../../memory/region.js';

/** An affine transform: x' = a·x + c·y + e, y' = b·x + d·y + f, as in CSS. */
export type Matrix = {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
};

/** First `inner`, then `outer`. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  return {
    a: outer.a * inner.a + outer.c * inner.b,
    b: outer.b * inner.a + outer.d * inner.b,
    c: outer.a * inner.c + outer.c * inner.d,
    d: outer.b * inner.c + outer.d * inner.d,
    e: outer.a * inner.e + outer.c * inner.f + outer.e,
    f: outer.b * inner.e + outer.d * inner.f + outer.f,
  };
}

/** A transform whose origin is moved to a point of what it transforms. */
export function shifted(m: Matrix, x: number, y: number): Matrix {
  return { ...m, e: m.e + m.a * x + m.c * y, f: m.f + m.b * x + m.d * y };
}

/** Neither turned, nor leaning, nor mirrored. */
export function isUpright({ a, b, c, d }: Matrix): boolean {
  return b === 0 && c === 0 && a > 0 && d > 0;
}

/** The rectangle around a transformed rectangle, not rounded. */
export function boundsOf(m: Matrix, { x0, y0, x1, y1 }: Rect): Rect {
  const xs = [m.a * x0 + m.c * y0, m.a * x1 + m.c * y0, m.a * x0 + m.c * y1, m.a * x1 + m.c * y1];
  const ys = [m.b * x0 + m.d * y0, m.b * x1 + m.d * y0, m.b * x0 + m.d * y1, m.b * x1 + m.d * y1];
  return {
    x0: Math.min(...xs) + m.e,
    y0: Math.min(...ys) + m.f,
    x1: Math.max(...xs) + m.e,
    y1: Math.max(...ys) + m.f,
  };
}

/** The upright rectangle around a transformed box of this size, to the nearest whole pixels. */
export function boxBounds(matrix: Matrix, width: number, height: number): Rect {
  const { x0, y0, x1, y1 } = boundsOf(matrix, { x0: 0, y0: 0, x1: width, y1: height });
  return { x0: Math.round(x0), y0: Math.round(y0), x1: Math.round(x1), y1: Math.round(y1) };
}

export function intersect(a: Rect, b: Rect): Rect {
  return {
    x0: Math.max(a.x0, b.x0),
    y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
  };
}

/** The rectangle around both. */
export function union(a: Rect, b: Rect): Rect {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

/** A rectangle that reaches so much further on every side. */
export function grown({ x0, y0, x1, y1 }: Rect, by: number): Rect {
  return { x0: x0 - by, y0: y0 - by, x1: x1 + by, y1: y1 + by };
}

export function isSameRect(a: Rect, b: Rect): boolean {
  return a.x0 === b.x0 && a.y0 === b.y0 && a.x1 === b.x1 && a.y1 === b.y1;
}

export function isSameMatrix(m: Matrix, n: Matrix): boolean {
  return m.a === n.a && m.b === n.b && m.c === n.c && m.d === n.d && m.e === n.e && m.f === n.f;
}

export function isEmptyRect({ x0, y0, x1, y1 }: Rect): boolean {
  return x0 >= x1 || y0 >= y1;
}
