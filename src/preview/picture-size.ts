import { PREVIEW_SCRATCH_BYTES } from '../memory/map.js';

export type PictureSize = { readonly widthPx: number; readonly heightPx: number };

/** What the scaling kernel needs behind the picture: the sum of its parts in workers/kernels/scale.ts, rounded up. */
export const SCALE_SCRATCH_BYTES = 384 * 1024;

/** The kernel's lines are made for this. */
const MAX_WIDTH_PX = 2048;
/** Below it a kernel's sum of up to 255 rows would not hold a whole column of the largest program. */
const MIN_EXTENT_PX = 32;
/** Rounding to even numbers adds at most one pixel to each extent: a row of 2048 and a column of 4096. */
const ROUNDING_PX = 8192;
const MAX_PICTURE_PX = Math.floor((PREVIEW_SCRATCH_BYTES - SCALE_SCRATCH_BYTES) / 4) - ROUNDING_PX;

function toEven(extentPx: number, limitPx: number): number {
  return Math.min(limitPx, Math.max(MIN_EXTENT_PX, Math.round(extentPx / 2) * 2));
}

/**
 * Size of the preview of a program frame: as wide as wanted, in the frame's shape, but never larger than the frame
 * or than the thread's memory. Both extents are even, because chroma is half as large.
 */
export function previewSize(frame: PictureSize, wantedWidthPx: number): PictureSize {
  const scale = Math.min(
    1,
    Math.min(wantedWidthPx, MAX_WIDTH_PX) / frame.widthPx,
    Math.sqrt(MAX_PICTURE_PX / (frame.widthPx * frame.heightPx)),
  );
  return {
    widthPx: toEven(frame.widthPx * scale, frame.widthPx),
    heightPx: toEven(frame.heightPx * scale, frame.heightPx),
  };
}
