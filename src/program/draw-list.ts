import type { Rect } from '../scene/region.js';
import {
  ITEM_BITMAP,
  ITEM_BLEND,
  ITEM_COVER_X0,
  ITEM_COVER_X1,
  ITEM_COVER_Y0,
  ITEM_COVER_Y1,
  ITEM_KIND,
  ITEM_OPACITY,
  ITEM_SAMPLE,
  ITEM_SRC_HEIGHT,
  ITEM_SRC_WIDTH,
  ITEM_U0,
  ITEM_UX,
  ITEM_UY,
  ITEM_V0,
  ITEM_VX,
  ITEM_VY,
  ITEM_X0,
  ITEM_X1,
  ITEM_Y0,
  ITEM_Y1,
  KIND_BITMAP,
  SAMPLE_AFFINE,
  SAMPLE_MOVED,
  SAMPLE_SCALED,
  SAMPLE_WHOLE,
} from '../memory/records.js';
import type { Bitmap } from './bitmaps.js';

/** An affine transform: x' = a·x + c·y + e, y' = b·x + d·y + f, as in CSS. */
export type Matrix = {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
};

/** One bitmap's place in one program frame, as the kernels read it. Two equal items draw the same pixels. */
export type Item = {
  /** Names it from frame to frame. */
  readonly name: string;
  readonly bitmap: Bitmap;
  /** Pixels it may touch. */
  readonly bounds: Rect;
  readonly cover: Rect;
  /** 0 to 256. */
  readonly opacity: number;
  readonly blend: number;
  readonly sample: number;
  /** UX, UY, U0, VX, VY, V0 in 16.16 fixed point. */
  readonly sampling: readonly [number, number, number, number, number, number];
};

const ONE = 65_536;
const NOTHING: Rect = { x0: 0, y0: 0, x1: 0, y1: 0 };

/** The rectangle around a transformed rectangle, not rounded. */
function boundsOf(m: Matrix, x0: number, y0: number, x1: number, y1: number): Rect {
  const xs = [m.a * x0 + m.c * y0, m.a * x1 + m.c * y0, m.a * x0 + m.c * y1, m.a * x1 + m.c * y1];
  const ys = [m.b * x0 + m.d * y0, m.b * x1 + m.d * y0, m.b * x0 + m.d * y1, m.b * x1 + m.d * y1];
  return {
    x0: Math.min(...xs) + m.e,
    y0: Math.min(...ys) + m.f,
    x1: Math.max(...xs) + m.e,
    y1: Math.max(...ys) + m.f,
  };
}

export function intersect(a: Rect, b: Rect): Rect {
  return {
    x0: Math.max(a.x0, b.x0),
    y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
  };
}

export function isEmptyRect({ x0, y0, x1, y1 }: Rect): boolean {
  return x0 >= x1 || y0 >= y1;
}

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
): Item | null {
  const { widthPx: width, heightPx: height } = bitmap.content;
  const determinant = matrix.a * matrix.d - matrix.b * matrix.c;
  const opacity256 = Math.round(opacity * 256);
  if (Math.abs(determinant) < 1e-9 || opacity256 === 0) return null;

  const isUpright = matrix.b === 0 && matrix.c === 0 && matrix.a > 0 && matrix.d > 0;
  const isMoved = isUpright && Math.abs(matrix.a - 1) < 1e-9 && Math.abs(matrix.d - 1) < 1e-9;
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
      name,
      bitmap,
      bounds,
      cover: intersect(inner, bounds),
      opacity: opacity256,
      blend,
      sample: isWhole ? SAMPLE_WHOLE : SAMPLE_MOVED,
      sampling,
    };
  }

  // A bilinear sample fades out over half a bitmap pixel beyond the edge.
  const outer = boundsOf(matrix, -0.5, -0.5, width + 0.5, height + 0.5);
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
  // One pixel inside of the exact place, so that rounding to fixed point can not reach the edge.
  const exact = isUpright ? boundsOf(matrix, 0.5, 0.5, width - 0.5, height - 0.5) : NOTHING;
  const cover = {
    x0: Math.ceil(exact.x0) + 1,
    y0: Math.ceil(exact.y0) + 1,
    x1: Math.floor(exact.x1) - 1,
    y1: Math.floor(exact.y1) - 1,
  };
  return {
    name,
    bitmap,
    bounds,
    cover: intersect(cover, bounds),
    opacity: opacity256,
    blend,
    sample: isUpright ? SAMPLE_SCALED : SAMPLE_AFFINE,
    sampling,
  };
}

/** Whether two items draw the same pixels. */
export function isSameItem(a: Item, b: Item): boolean {
  return (
    a === b ||
    (a.bitmap === b.bitmap &&
      a.opacity === b.opacity &&
      a.blend === b.blend &&
      a.sampling.every((value, i) => value === b.sampling[i]) &&
      a.bounds.x0 === b.bounds.x0 &&
      a.bounds.y0 === b.bounds.y0 &&
      a.bounds.x1 === b.bounds.x1 &&
      a.bounds.y1 === b.bounds.y1)
  );
}

/** Writes an item's record at `offset`. */
export function writeItem(view: DataView<SharedArrayBuffer>, offset: number, item: Item): void {
  const i32 = (field: number, value: number): void => {
    view.setInt32(offset + field, value, true);
  };
  const i64 = (field: number, value: number): void => {
    view.setBigInt64(offset + field, BigInt(value), true);
  };
  i32(ITEM_KIND, KIND_BITMAP);
  i32(ITEM_BITMAP, item.bitmap.offset);
  i32(ITEM_SRC_WIDTH, item.bitmap.content.widthPx);
  i32(ITEM_SRC_HEIGHT, item.bitmap.content.heightPx);
  i32(ITEM_X0, item.bounds.x0);
  i32(ITEM_Y0, item.bounds.y0);
  i32(ITEM_X1, item.bounds.x1);
  i32(ITEM_Y1, item.bounds.y1);
  i32(ITEM_COVER_X0, item.cover.x0);
  i32(ITEM_COVER_Y0, item.cover.y0);
  i32(ITEM_COVER_X1, item.cover.x1);
  i32(ITEM_COVER_Y1, item.cover.y1);
  i32(ITEM_OPACITY, item.opacity);
  i32(ITEM_BLEND, item.blend);
  i32(ITEM_SAMPLE, item.sample);
  const [ux, uy, u0, vx, vy, v0] = item.sampling;
  i64(ITEM_UX, ux);
  i64(ITEM_UY, uy);
  i64(ITEM_U0, u0);
  i64(ITEM_VX, vx);
  i64(ITEM_VY, vy);
  i64(ITEM_V0, v0);
}
