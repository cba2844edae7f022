import type { PathSegment, Point } from '../../scene/figures/path-segment.js';
import { parseSvgPath } from '../../scene/figures/svg-path.js';
import type { Context2D } from '../canvas.js';
import { toBoxSegments, type Outline } from '../outline.js';

/** A box in the units that are drawn in. */
type Box = Point & { readonly width: number; readonly height: number };

/** Adds a rectangle, its corners rounded as far as there is room. */
function traceRectangle(context: Context2D, { x, y, width, height }: Box, radius: number): void {
  context.roundRect(x, y, width, height, Math.max(0, Math.min(radius, width / 2, height / 2)));
}

function middleOf(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** The largest radius, up to the wanted one, with which a corner is round before the middles of its sides. */
function fittingRadius(corner: Point, before: Point, after: Point, radius: number): number {
  const [ax, ay] = [before.x - corner.x, before.y - corner.y];
  const [bx, by] = [after.x - corner.x, after.y - corner.y];
  const room = Math.min(Math.hypot(ax, ay), Math.hypot(bx, by));
  const angle = Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by));
  return Math.min(radius, room * Math.tan(angle / 2));
}

function tracePolygon(context: Context2D, corners: readonly Point[], radius: number): void {
  corners.forEach((corner, i) => {
    const before = middleOf(corners.at(i - 1) ?? corner, corner);
    const after = middleOf(corner, corners[(i + 1) % corners.length] ?? corner);
    const round = radius > 0 ? fittingRadius(corner, before, after, radius) : 0;
    if (i === 0) {
      const start = round > 0 ? before : corner;
      context.moveTo(start.x, start.y);
    }
    if (round > 0) context.arcTo(corner.x, corner.y, after.x, after.y, round);
    else if (i > 0) context.lineTo(corner.x, corner.y);
  });
  context.closePath();
}

function tracePath(context: Context2D, segments: readonly PathSegment[]): void {
  for (const segment of segments) {
    switch (segment.type) {
      case 'move':
        context.moveTo(segment.x, segment.y);
        break;
      case 'line':
        context.lineTo(segment.x, segment.y);
        break;
      case 'curve': {
        const { x1, y1, x2, y2, x, y } = segment;
        context.bezierCurveTo(x1, y1, x2, y2, x, y);
        break;
      }
      case 'close':
        context.closePath();
    }
  }
}

/** Makes the outline of a figure the path of a context; `box` is that of the figure. */
export function traceOutline(context: Context2D, outline: Outline, box: Box, radius: number): void {
  const { x, y, width, height } = box;
  context.beginPath();
  switch (outline.type) {
    case 'rectangle':
      traceRectangle(context, box, radius);
      return;
    case 'ellipse':
      context.ellipse(x + width / 2, y + height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI);
      return;
    case 'line':
      context.moveTo(x, y);
      context.lineTo(x + width, y + height);
      return;
    case 'polygon':
      tracePolygon(context, outline.corners, radius);
      return;
    case 'path': {
      const segments = parseSvgPath(outline.data);
      tracePath(context, toBoxSegments(segments, outline.viewBox, width, height));
    }
  }
}
