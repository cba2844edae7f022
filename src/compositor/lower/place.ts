import type { Piece } from '../../render/piece.js';
import type { Rect } from '../../memory/region.js';
import type { Layer } from '../../scene/schema/layer.js';
import { project, tilt, toHomography, type Homography } from './homography.js';
import { intersect, isSameMatrix, isSameRect, type Matrix } from './matrix.js';

/** Where layers of one stack are drawn. */
export type Place = {
  /** From units of the scene or group that they are in to program pixels. */
  readonly matrix: Matrix;
  /** What they may touch. */
  readonly clip: Rect;
  /** Largest number of program pixels that a unit takes over all time. */
  readonly unitPx: number;
  /** Nothing that it is in moves or is turned: layers at rest stand on whole pixels. */
  readonly isAtRest: boolean;
  /** How many scenes have come on air since the one that it is in, of those that are still seen. */
  readonly depth: number;
  /** What it is in, from the scene on: layers of one id that are seen several times differ by it. */
  readonly path: string;
};

/** Where a layout puts a layer, in units of its group. */
export type Box = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export function isSamePlace(a: Place, b: Place): boolean {
  return (
    a === b ||
    (isSameMatrix(a.matrix, b.matrix) &&
      isSameRect(a.clip, b.clip) &&
      a.unitPx === b.unitPx &&
      a.isAtRest === b.isAtRest &&
      a.depth === b.depth &&
      a.path === b.path)
  );
}

export function isSameBox(a: Box | null, b: Box | null): boolean {
  if (a === null || b === null) return a === b;
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** Names something at a place from frame to frame. Layers of the newest scene keep their names when those below it are gone. */
export function nameAt({ depth, path }: Pick<Place, 'depth' | 'path'>, name: string): string {
  return depth === 0 ? path + name : '<'.repeat(depth) + path + name;
}

/** The size of a frame, in pixels. */
export type FrameSize = { readonly widthPx: number; readonly heightPx: number };

/** The place of a whole scene, whose size is in units: as large as fits into a frame, in the middle. */
export function fitScene(
  { width, height }: { readonly width: number; readonly height: number },
  { widthPx, heightPx }: FrameSize,
  { depth, path }: Pick<Place, 'depth' | 'path'>,
): Place {
  const scale = Math.min(widthPx / width, heightPx / height);
  const e = Math.round((widthPx - width * scale) / 2);
  const f = Math.round((heightPx - height * scale) / 2);
  const scenePart = {
    x0: e,
    y0: f,
    x1: Math.round(e + width * scale),
    y1: Math.round(f + height * scale),
  };
  return {
    matrix: { a: scale, b: 0, c: 0, d: scale, e, f },
    clip: intersect(scenePart, { x0: 0, y0: 0, x1: widthPx, y1: heightPx }),
    unitPx: scale,
    isAtRest: true,
    depth,
    path,
  };
}

const RADIANS = Math.PI / 180;

/** Where the anchor of a layer stands in its stack. */
function anchorPoint(layer: Layer, width: number, height: number, box: Box | null) {
  return {
    x: layer.x + (box === null ? 0 : box.x + layer.anchor.x * width),
    y: layer.y + (box === null ? 0 : box.y + layer.anchor.y * height),
  };
}

/** As `layerMatrix`, of a layer that is tilted. */
export function tiltedTransform(
  layer: Layer,
  width: number,
  height: number,
  box: Box | null,
): Homography {
  const { x, y } = anchorPoint(layer, width, height, box);
  const flat = layerMatrix({ ...layer, x: 0, y: 0 }, width, height, null);
  return project(
    toHomography({ a: 1, b: 0, c: 0, d: 1, e: x, f: y }),
    project(tilt(layer.rotationX, layer.rotationY, layer.perspective), toHomography(flat)),
  );
}

/** From units of a layer's box to those of the stack that it is in. `box` is where a layout puts it. */
export function layerMatrix(layer: Layer, width: number, height: number, box: Box | null): Matrix {
  // A whole number of turns must be exactly upright: the fast paths of the kernels depend on it.
  const isTurned = layer.rotation % 360 !== 0;
  const angle = layer.rotation * RADIANS;
  const [cos, sin] = isTurned ? [Math.cos(angle), Math.sin(angle)] : [1, 0];
  const leanX = Math.tan(layer.skewX * RADIANS);
  const leanY = Math.tan(layer.skewY * RADIANS);
  const a = (cos - sin * leanY) * layer.scale;
  const b = (sin + cos * leanY) * layer.scale;
  const c = (cos * leanX - sin) * layer.scale;
  const d = (sin * leanX + cos) * layer.scale;
  const [anchorX, anchorY] = [layer.anchor.x * width, layer.anchor.y * height];
  const { x, y } = anchorPoint(layer, width, height, box);
  return { a, b, c, d, e: x - a * anchorX - c * anchorY, f: y - b * anchorX - d * anchorY };
}

export function snapped(matrix: Matrix): Matrix {
  return { ...matrix, e: Math.round(matrix.e), f: Math.round(matrix.f) };
}

/** A length that is a bitmap's to below a pixel is taken for the bitmap's: a layer at rest is shown pixel by pixel. */
function ratioOf(units: number, pixels: number, unitPx: number, isAtRest: boolean): number {
  const isExact = pixels === 0 || (isAtRest && Math.abs(units * unitPx - pixels) < 1);
  return isExact ? 1 / unitPx : units / pixels;
}

/** From pixels of a piece's bitmap to program pixels; `base` is the layer's matrix, `unitPx` what it makes of a unit. */
export function pieceMatrix(base: Matrix, piece: Piece, unitPx: number, isAtRest: boolean): Matrix {
  const ownX = ratioOf(piece.width, piece.widthPx, unitPx, isAtRest);
  const ownY = ratioOf(piece.height, piece.heightPx, unitPx, isAtRest);
  // A flat line has no height to tell its scale from: it has that of its width.
  const ratioX = piece.widthPx === 0 ? ownY : ownX;
  const ratioY = piece.heightPx === 0 ? ownX : ownY;
  const [x, y] = [piece.x - piece.padPx * ratioX, piece.y - piece.padPx * ratioY];
  return {
    a: base.a * ratioX,
    b: base.b * ratioX,
    c: base.c * ratioY,
    d: base.d * ratioY,
    e: base.e + base.a * x + base.c * y,
    f: base.f + base.b * x + base.d * y,
  };
}
