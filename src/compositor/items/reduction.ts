import { SAMPLE_PERSPECTIVE } from '../../memory/records.js';
import type { BitmapItem } from './item.js';

/**
 * Where bitmaps are shown smaller than they are, the kernels average several places of them, and of their levels when
 * it gets much smaller: workers/kernels/reduction.ts says how. Here is known what that needs and costs.
 */

/** Bitmap pixels for a program pixel, along the program's rows and columns. */
export type Ratios = { readonly x: number; readonly y: number };

/** Up to this ratio the kernels take one sample, as in FREE_RATIO there. */
const FREE_RATIO = 1.15;
/** From this one on they average three in a direction: THREE_RATIO there. */
const THREE_RATIO = 2;
/** From this one on they mix in a level of an upright bitmap: MIX_SHARE of twice LEAST_RATIO there. Others do without as long. */
const LEVELS_RATIO = 3.05;
/** More than this in one direction alone is taken from a level, too: MAX_RATIO there. */
const LEVELS_RATIO_ONE_WAY = 9.6;

const ONE = 65_536;

/**
 * How far beyond the edge of a reduced bitmap it has a share in program pixels, and how far within the edge all of a
 * pixel is covered: half a pixel that is averaged over, and up to two pixels of a level at 0.66 of a program pixel.
 */
export const REDUCED_REACH_PX = 1.25;
export const REDUCED_EDGE_PX = 1.85;

/** By the steps of an affine sampling, 16.16. */
export function affineRatios([ux = 0, uy = 0, , vx = 0, vy = 0]: readonly number[]): Ratios {
  return { x: Math.hypot(ux, vx) / ONE, y: Math.hypot(uy, vy) / ONE };
}

/** Of a projective sampling at one program pixel; null: it is behind the eye. */
function projectedRatios(sampling: readonly number[], x: number, y: number): Ratios | null {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = sampling;
  const w = g * x + h * y + i;
  if (w <= 0) return null;
  const [u, v] = [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
  return {
    x: Math.hypot(a - g * u, d - g * v) / w,
    y: Math.hypot(b - h * u, e - h * v) / w,
  };
}

/** The ratios at which a bitmap is sampled: of a perspective, in its middle and at its corners. */
export function ratiosOf({
  sample,
  sampling,
  bounds,
}: Pick<BitmapItem, 'sample' | 'sampling' | 'bounds'>): Ratios[] {
  if (sample !== SAMPLE_PERSPECTIVE) return [affineRatios(sampling)];
  const { x0, y0, x1, y1 } = bounds;
  return [
    [(x0 + x1) / 2, (y0 + y1) / 2],
    [x0, y0],
    [x1, y0],
    [x0, y1],
    [x1, y1],
  ].flatMap(([x = 0, y = 0]) => projectedRatios(sampling, x, y) ?? []);
}

export function isReduced({ x, y }: Ratios): boolean {
  return Math.max(x, y) > FREE_RATIO;
}

/** How many samples the kernels average for a program pixel, about. */
export function placesOf({ x, y }: Ratios): number {
  const inOne = (ratio: number): number => (ratio <= FREE_RATIO ? 1 : ratio < THREE_RATIO ? 2 : 3);
  return inOne(x) * inOne(y);
}

function needsLevels({ x, y }: Ratios): boolean {
  return Math.min(x, y) > LEVELS_RATIO || Math.max(x, y) > LEVELS_RATIO_ONE_WAY;
}

/** Whether something is shown so small that the levels of its bitmap are sampled. */
export function isByLevels(placed: Pick<BitmapItem, 'sample' | 'sampling' | 'bounds'>): boolean {
  return ratiosOf(placed).some(needsLevels);
}
