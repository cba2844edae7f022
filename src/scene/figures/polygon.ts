import type { Point } from './path-segment.js';

/** Points on an ellipse that fills a box, evenly by angle, from the top on clockwise; each `share` of the way out. */
function around(
  count: number,
  shareOf: (i: number) => number,
  width: number,
  height: number,
): Point[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = (i / count) * 2 * Math.PI;
    const share = shareOf(i) / 2;
    return {
      x: width * (0.5 + share * Math.sin(angle)),
      y: height * (0.5 - share * Math.cos(angle)),
    };
  });
}

/** The corners of a regular polygon in the ellipse that fills a box, the first on top. */
export function regularPolygon(count: number, width: number, height: number): Point[] {
  return around(count, () => 1, width, height);
}

/** The corners of a star: `count` tips on the ellipse that fills a box, and between them notches at `innerRadius` of it. */
export function star(count: number, innerRadius: number, width: number, height: number): Point[] {
  return around(2 * count, (i) => (i % 2 === 0 ? 1 : innerRadius), width, height);
}
