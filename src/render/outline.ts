import type { PathSegment, Point } from '../scene/figures/path-segment.js';

/** How far a pointed corner of a stroke may reach, in half widths, before it is cut off: as in SVG. */
export const MITER_LIMIT = 4;

/** The part of a plane that is stretched over a box. */
export type ViewBox = Point & { readonly width: number; readonly height: number };

/** What a figure is bounded by. Lengths are in units of the layer, from the top left of its box. */
export type Outline =
  | { readonly type: 'rectangle' | 'ellipse' }
  /** From the top left of the box to the bottom right. */
  | { readonly type: 'line' }
  | { readonly type: 'polygon'; readonly corners: readonly Point[] }
  /** Path data of SVG; without a view box it is in units of the layer. */
  | { readonly type: 'path'; readonly data: string; readonly viewBox: ViewBox | null };

/** Where a point of a path is in the box. */
export function toBoxPoint(
  { x, y }: Point,
  viewBox: ViewBox | null,
  width: number,
  height: number,
): Point {
  if (viewBox === null) return { x, y };
  return {
    x: ((x - viewBox.x) / viewBox.width) * width,
    y: ((y - viewBox.y) / viewBox.height) * height,
  };
}

/** A path brought to its box. */
export function toBoxSegments(
  segments: readonly PathSegment[],
  viewBox: ViewBox | null,
  width: number,
  height: number,
): PathSegment[] {
  const place = (point: Point): Point => toBoxPoint(point, viewBox, width, height);
  return segments.map((segment) => {
    if (segment.type === 'close') return segment;
    const end = place(segment);
    if (segment.type !== 'curve') return { type: segment.type, ...end };
    const one = place({ x: segment.x1, y: segment.y1 });
    const two = place({ x: segment.x2, y: segment.y2 });
    return { type: 'curve', x1: one.x, y1: one.y, x2: two.x, y2: two.y, ...end };
  });
}

/** How far points reach out of a box, in any direction. */
export function reachBeyond(points: readonly Point[], width: number, height: number): number {
  let reach = 0;
  for (const { x, y } of points) reach = Math.max(reach, -x, -y, x - width, y - height);
  return reach;
}
