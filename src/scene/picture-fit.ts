/** How a picture is brought into a box: as `object-fit` and `object-position` of CSS (https://www.w3.org/TR/css-images-3/). */
export const FITS = ['fill', 'contain', 'cover', 'none'] as const;
export type FitMode = (typeof FITS)[number];

export type Box = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
type Size = { readonly width: number; readonly height: number };
type Point = { readonly x: number; readonly y: number };

/** Where all of the picture would be, from the top left of the box, also what is outside of it. Lengths in one unit. */
export function placePicture(picture: Size, box: Size, fit: FitMode, focus: Point): Box {
  const [ratioX, ratioY] = [box.width / picture.width, box.height / picture.height];
  if (fit === 'fill') return { x: 0, y: 0, width: box.width, height: box.height };
  const scale =
    fit === 'none' ? 1 : fit === 'cover' ? Math.max(ratioX, ratioY) : Math.min(ratioX, ratioY);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return {
    x: alignAxis(box.width, width, focus.x),
    y: alignAxis(box.height, height, focus.y),
    width,
    height,
  };
}

/**
 * Smaller than the box: what is free is shared out by the focus. Larger: the focus is brought to the middle of the
 * box, as far as the picture reaches.
 */
function alignAxis(box: number, picture: number, focus: number): number {
  if (picture <= box) return (box - picture) * focus;
  return Math.min(0, Math.max(box - picture, box / 2 - picture * focus));
}

/** A part of the picture that lies within it, at least `leastPx` long. */
export function clampCrop(crop: Box | null, picture: Size, leastPx = 1): Box {
  if (crop === null) return { x: 0, y: 0, width: picture.width, height: picture.height };
  const width = Math.min(picture.width, Math.max(leastPx, crop.width));
  const height = Math.min(picture.height, Math.max(leastPx, crop.height));
  return {
    x: Math.min(picture.width - width, Math.max(0, crop.x)),
    y: Math.min(picture.height - height, Math.max(0, crop.y)),
    width,
    height,
  };
}

/** What two boxes share; its sides are 0 when they share nothing. */
export function commonBox(a: Box, b: Box): Box {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}
