import { SAMPLE_AFFINE, SAMPLE_MOVED, SAMPLE_SCALED, SAMPLE_WHOLE } from '../../memory/records.js';
import type { Rect } from '../../memory/region.js';
import type { Bitmap } from '../bitmaps.js';
import type { BitmapItem } from './item.js';
import { boundsOf, grown, intersect, isEmptyRect, isUpright, type Matrix } from './matrix.js';
import { affineRatios, isReduced, REDUCED_EDGE_PX, REDUCED_REACH_PX } from './reduction.js';

const ONE = 65_536;
const NOTHING: Rect = { x0: 0, y0: 0, x1: 0, y1: 0 };

/**
 * Places a bitmap by the matrix that takes its pixels into the program frame. `clip` bounds what it may touch.
 * Null when nothing of it can be seen.
 */
export function toItem(
  name: string,
  bitmap: Bitmap,
  matrix: Matrix,
  clip: Rect,
  opacity: number,
  blend: number,
): BitmapItem | null {
  const { widthPx: width, heightPx: height } = bitmap.content;
  const determinant = matrix.a * matrix.d - matrix.b * matrix.c;
  const opacity256 = Math.round(opacity * 256);
  if (Math.abs(determinant) < 1e-9 || opacity256 === 0) return null;

  const upright = isUpright(matrix);
  const isMoved = upright && Math.abs(matrix.a - 1) < 1e-9 && Math.abs(matrix.d - 1) < 1e-9;
  const u = (value: number): number => Math.round(value * ONE);
  if (isMoved) {
    // Steps of 1/256 pixel: the kernels mix with eight bits, so that what looks the same is the same item.
    const [x, y] = [Math.round(matrix.e * 256) / 256, Math.round(matrix.f * 256) / 256];
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
    const sampling = [ONE, 0, u(-x), 0, ONE, u(-y)] as const;
    return {
      kind: 'bitmap',
      name,
      bitmap,
      levels: null,
      part: null,
      bounds,
      cover: intersect(inner, bounds),
      opacity: opacity256,
      blend,
      sample: isWhole ? SAMPLE_WHOLE : SAMPLE_MOVED,
      sampling,
    };
  }

  const inverse = {
    ux: matrix.d / determinant,
    uy: -matrix.c / determinant,
    vx: -matrix.b / determinant,
    vy: matrix.a / determinant,
  };
  const u0 = -(inverse.ux * matrix.e + inverse.uy * matrix.f);
  const v0 = -(inverse.vx * matrix.e + inverse.vy * matrix.f);
  const sampling = [
    u(inverse.ux),
    u(inverse.uy),
    u(u0 + (inverse.ux + inverse.uy) / 2 - 0.5),
    u(inverse.vx),
    u(inverse.vy),
    u(v0 + (inverse.vx + inverse.vy) / 2 - 0.5),
  ] as const;
  const reaches = isReduced(affineRatios(sampling));
  // A bilinear sample fades out over half a bitmap pixel beyond the edge.
  const reached = boundsOf(matrix, -0.5, -0.5, width + 0.5, height + 0.5);
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
  const filled = boundsOf(matrix, 0.5, 0.5, width - 0.5, height - 0.5);
  const exact = reaches ? grown(filled, -REDUCED_EDGE_PX) : filled;
  const inner = {
    x0: Math.ceil(exact.x0) + 1,
    y0: Math.ceil(exact.y0) + 1,
    x1: Math.floor(exact.x1) - 1,
    y1: Math.floor(exact.y1) - 1,
  };
  const cover = upright ? inner : NOTHING;
  return {
    kind: 'bitmap',
    name,
    bitmap,
    levels: null,
    part: null,
    bounds,
    cover: intersect(cover, bounds),
    opacity: opacity256,
    blend,
    sample: upright ? SAMPLE_SCALED : SAMPLE_AFFINE,
    sampling,
  };
}
