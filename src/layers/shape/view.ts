import { LRUCache } from 'lru-cache';
import { hullOf, type PathSegment } from '../../scene/figures/path-segment.js';
import { regularPolygon, star } from '../../scene/figures/polygon.js';
import { parseSvgPath } from '../../scene/figures/svg-path.js';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import type { Stroke } from '../../scene/schema/stroke.js';
import { toContent, type Drawing } from '../../render/content.js';
import { MITER_LIMIT, reachBeyond, toBoxSegments, type Outline } from '../../render/outline.js';
import { decorationOf, toPiece, type ViewOf } from '../../render/piece.js';
import type { ShapeLayer } from './schema.js';
import { noSpans, type KindView } from '../kind-view.js';

/** A field that moves may stop between two whole numbers, or overshoot. */
function wholePoints({ pointCount }: ShapeLayer): number {
  return Math.min(LIMITS.figurePoints, Math.max(3, Math.round(pointCount)));
}

function outlineOf(layer: ShapeLayer): Outline {
  const { shape, width, height, points } = layer;
  switch (shape) {
    case 'rectangle':
    case 'ellipse':
    case 'line':
      return { type: shape };
    case 'polygon': {
      const corners = points?.map(({ x, y }) => ({ x: x * width, y: y * height }));
      const regular = (): typeof corners => regularPolygon(wholePoints(layer), width, height);
      return { type: 'polygon', corners: corners ?? regular() ?? [] };
    }
    case 'star': {
      const corners = star(wholePoints(layer), layer.innerRadius, width, height);
      return { type: 'polygon', corners };
    }
    case 'path':
      return { type: 'path', data: layer.path ?? '', viewBox: layer.viewBox };
  }
}

/** How far a stroke reaches out of its outline, in units. */
function strokeReach(stroke: Stroke | null, outline: Outline): number {
  if (stroke === null) return 0;
  const isOneSided = outline.type !== 'line' && stroke.align !== 'center';
  const half = isOneSided ? (stroke.align === 'inside' ? 0 : stroke.width) : stroke.width / 2;
  const isPointed = outline.type === 'polygon' || outline.type === 'path';
  // A square corner, and a square end of a line, reach as far as the diagonal of a square.
  return half * (isPointed && stroke.join === 'miter' ? MITER_LIMIT : Math.SQRT2);
}

/** The stroke that stands for the fields of a line without one. */
function lineStroke({ fill, lineWidth }: ShapeLayer): Stroke {
  return {
    color: fill,
    width: lineWidth,
    dash: [],
    dashOffset: 0,
    cap: 'butt',
    join: 'miter',
    align: 'center',
  };
}

function drawingOf(layer: ShapeLayer, outline: Outline): Drawing {
  const { shape, fill, fillRule } = layer;
  const stroke = shape === 'line' ? (layer.stroke ?? lineStroke(layer)) : layer.stroke;
  const isSimple = shape === 'rectangle' || shape === 'ellipse';
  if (isSimple && (stroke === null || stroke.width <= 0)) return { kind: shape, fill };
  return { kind: 'figure', outline, fill, fillRule, stroke };
}

/** Paths that are kept parsed, for figures of which something moves. */
const KEPT_PATHS = 64;

/** A rectangle, an ellipse, a line, a polygon, a star or a path, with its stroke. */
export function createShapeView(): ViewOf<ShapeLayer> {
  const paths = new LRUCache<string, readonly PathSegment[]>({ max: KEPT_PATHS });

  const reachOf = (outline: Outline, { width, height }: ShapeLayer): number => {
    if (outline.type === 'polygon') return reachBeyond(outline.corners, width, height);
    if (outline.type !== 'path') return 0;
    const segments = paths.get(outline.data) ?? parseSvgPath(outline.data);
    paths.set(outline.data, segments);
    const placed = toBoxSegments(segments, outline.viewBox, width, height);
    return Math.min(LIMITS.extentPx, reachBeyond(hullOf(placed), width, height));
  };

  return (layer, context) => {
    const { width, height } = layer;
    if (width === 0 && height === 0) return { width, height, pieces: [] };
    const outline = outlineOf(layer);
    const drawing = drawingOf(layer, outline);
    const stroke = drawing.kind === 'figure' ? drawing.stroke : null;
    const own = decorationOf(layer);
    const decoration = {
      ...own,
      cornerRadius: outline.type === 'line' || outline.type === 'path' ? 0 : own.cornerRadius,
      border: outline.type === 'line' ? null : own.border,
    };
    const overhang = strokeReach(stroke, outline) + reachOf(outline, layer);
    const content = toContent(drawing, decoration, { width, height, overhang }, context.scale);
    return { width, height, pieces: [toPiece('shape', content)] };
  };
}

/** How the kind is drawn. */
export const SHAPE_VIEW: KindView<ShapeLayer> = {
  create: createShapeView,
  dependsOn: 'nothing',
  pictures: null,
  spans: noSpans,
  size: 'own',
  isStretched: false,
};
