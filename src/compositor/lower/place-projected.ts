import { SAMPLE_PERSPECTIVE } from '../../memory/records.js';
import type { Rect } from '../../memory/region.js';
import { invert, projectedBounds, type Homography } from './homography.js';
import type { PieceStep } from './draw-list.js';
import { grown, intersect, isEmptyRect } from './matrix.js';
import { REDUCED_REACH_PX } from '../items/reduction.js';
import type { Onto } from './draw-list.js';

const NOTHING: Rect = { x0: 0, y0: 0, x1: 0, y1: 0 };

/**
 * Places a content by the transform that takes the pixels of its bitmap into the program frame. Null when nothing of it can be seen,
 * or a part of it would be beside or behind the eye.
 */
export function projectContent(
  name: string,
  content: PieceStep['content'],
  transform: Homography,
  { clip, opacity, blend }: Onto,
): PieceStep | null {
  const { widthPx: width, heightPx: height } = content;
  const opacity256 = Math.round(opacity * 256);
  // A bilinear sample fades out over half a bitmap pixel beyond the edge.
  const outer = projectedBounds(transform, {
    x0: -0.5,
    y0: -0.5,
    x1: width + 0.5,
    y1: height + 0.5,
  });
  if (outer === null || opacity256 === 0) return null;
  const back = invert(transform);
  const centre = { x: (outer.x0 + outer.x1) / 2, y: (outer.y0 + outer.y1) / 2 };
  const w = back.g * centre.x + back.h * centre.y + back.i;
  if (Math.abs(w) < 1e-12) return null;
  // Of the inverse's factor the sign counts: w must be positive where the bitmap is.
  const sign = Math.sign(w);
  // From the centre of a program pixel, and to that of a bitmap's.
  const [i, c, f] = [
    back.i + (back.g + back.h) / 2,
    back.c + (back.a + back.b) / 2,
    back.f + (back.d + back.e) / 2,
  ];
  const sampling = [
    ...[back.a - back.g / 2, back.b - back.h / 2, c - i / 2],
    ...[back.d - back.g / 2, back.e - back.h / 2, f - i / 2],
    ...[back.g, back.h, i],
  ].map((value) => value * sign);
  // Somewhere it may be reduced, and then it reaches further.
  const reach = grown(outer, REDUCED_REACH_PX);
  const bounds = intersect(
    {
      x0: Math.floor(reach.x0),
      y0: Math.floor(reach.y0),
      x1: Math.ceil(reach.x1),
      y1: Math.ceil(reach.y1),
    },
    clip,
  );
  if (isEmptyRect(bounds)) return null;
  return {
    kind: 'piece',
    name,
    content,
    part: null,
    bounds,
    cover: NOTHING,
    opacity: opacity256,
    blend,
    sample: SAMPLE_PERSPECTIVE,
    sampling,
  };
}
