import { SAMPLE_AFFINE, SAMPLE_MOVED, SAMPLE_SCALED, SAMPLE_WHOLE } from '../../memory/records.js';
import type { Rect } from '../../memory/region.js';
import type { Onto, PieceStep } from './draw-list.js';
import { boundsOf, grown, intersect, isEmptyRect, isUpright, type Matrix } from './matrix.js';
import { affineRatios, isReduced, REDUCED_EDGE_PX, REDUCED_REACH_PX } from '../items/reduction.js';

const ONE = 65_536;
const NOTHING: Rect = { x0: 0, y0: 0, x1: 0, y1: 0 };

/** Where the pixels of a bitmap come to lie, and how they are sampled. */
type Placed = Pick<PieceStep, 'bounds' | 'cover' | 'sample' | 'sampling'>;

/**
 * Places a content by the matrix that takes the pixels of its bitmap into the program frame. Null when nothing of it can be
 * seen.
 */
export function placeContent(
  name: string,
  content: PieceStep['content'],
  matrix: Matrix,
  { clip, opacity, blend }: Onto,
): PieceStep | null {
  const determinant = matrix.a * matrix.d - matrix.b * matrix.c;
  const opacity256 = Math.round(opacity * 256);
  if (Math.abs(determinant) < 1e-9 || opacity256 === 0) return null;
  const isMoved =
    isUpright(matrix) && Math.abs(matrix.a - 1) < 1e-9 && Math.abs(matrix.d - 1) < 1e-9;
  const placed = isMoved ? placeMoved(content, matrix, clip) : placeScaled(content, matrix, clip);
  if (placed === null) return null;
  const { bounds, cover, sample, sampling } = placed;
  return {
    kind: 'piece',
    name,
    content,
    part: null,
    bounds,
    cover,
    opacity: opacity256,
    blend,
    sample,
    sampling,
  };
}

function toFixedPoint(value: number): number {
  return Math.round(value * ONE);
}

/** A bitmap that keeps its size and is upright. */
function placeMoved(
  { widthPx: width, heightPx: height }: PieceStep['content'],
  { e, f }: Matrix,
  clip: Rect,
): Placed | null {
  // Steps of 1/256 pixel: the kernels mix with eight bits, so that what looks the same is the same item.
  const [x, y] = [Math.round(e * 256) / 256, Math.round(f * 256) / 256];
  const isWhole = Number.isInteger(x) && Number.isInteger(y);
  const bounds = intersect(
    { x0: Math.floor(x), y0: Math.floor(y), x1: Math.ceil(x + width), y1: Math.ceil(y + height) },
    clip,
  );
  if (isEmptyRect(bounds)) return null;
  const inner = {
    x0: Math.ceil(x),
    y0: Math.ceil(y),
    x1: Math.floor(x + width),
    y1: Math.floor(y + height),
  };
  return {
    bounds,
    cover: intersect(inner, bounds),
    sample: isWhole ? SAMPLE_WHOLE : SAMPLE_MOVED,
    sampling: [ONE, 0, toFixedPoint(-x), 0, ONE, toFixedPoint(-y)],
  };
}

/** From the centre of a program pixel to that of a bitmap's, in fixed point. */
function inverseSampling({ a, b, c, d, e, f }: Matrix) {
  const determinant = a * d - b * c;
  const [ux, uy, vx, vy] = [d / determinant, -c / determinant, -b / determinant, a / determinant];
  const u0 = -(ux * e + uy * f);
  const v0 = -(vx * e + vy * f);
  return [
    toFixedPoint(ux),
    toFixedPoint(uy),
    toFixedPoint(u0 + (ux + uy) / 2 - 0.5),
    toFixedPoint(vx),
    toFixedPoint(vy),
    toFixedPoint(v0 + (vx + vy) / 2 - 0.5),
  ] as const;
}

/** A bitmap that is stretched, turned or leans. */
function placeScaled(
  { widthPx: width, heightPx: height }: PieceStep['content'],
  matrix: Matrix,
  clip: Rect,
): Placed | null {
  const upright = isUpright(matrix);
  const sampling = inverseSampling(matrix);
  const reaches = isReduced(affineRatios(sampling));
  // A bilinear sample fades out over half a bitmap pixel beyond the edge.
  const reached = boundsOf(matrix, { x0: -0.5, y0: -0.5, x1: width + 0.5, y1: height + 0.5 });
  const outer = reaches ? grown(reached, REDUCED_REACH_PX) : reached;
  const bounds = intersect(
    {
      x0: Math.floor(outer.x0),
      y0: Math.floor(outer.y0),
      x1: Math.ceil(outer.x1),
      y1: Math.ceil(outer.y1),
    },
    clip,
  );
  if (isEmptyRect(bounds)) return null;
  // One pixel inside of the exact place, so that rounding to fixed point cannot reach the edge.
  const filled = boundsOf(matrix, { x0: 0.5, y0: 0.5, x1: width - 0.5, y1: height - 0.5 });
  const exact = reaches ? grown(filled, -REDUCED_EDGE_PX) : filled;
  const inner = {
    x0: Math.ceil(exact.x0) + 1,
    y0: Math.ceil(exact.y0) + 1,
    x1: Math.floor(exact.x1) - 1,
    y1: Math.floor(exact.y1) - 1,
  };
  return {
    bounds,
    cover: intersect(upright ? inner : NOTHING, bounds),
    sample: upright ? SAMPLE_SCALED : SAMPLE_AFFINE,
    sampling,
  };
}
