import { toContent } from '../../render/content.js';
import { decorationOf, toPiece, type Piece } from '../../render/piece.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { Rect } from '../../memory/region.js';
import type { Layer, LayerOf } from '../../scene/schema/layer.js';
import { isStraight, isTilted } from '../../scene/straight.js';
import { project, toHomography } from './homography.js';
import type { Frame, Onto, PieceStep } from './draw-list.js';
import { boxBounds, intersect, multiply, shifted } from './matrix.js';
import type { PlacedBox } from './group-layout.js';
import { placeContent } from './place-bitmap.js';
import { projectContent } from './place-projected.js';
import { layerMatrix, nameAt, pieceMatrix, snapped, tiltedTransform, type Place } from './place.js';
import type { KnownSize } from './views.js';

/** Size of a layer of which nothing is known, in units. */
const UNKNOWN_SIZE = { width: 320, height: 180 };

/** Where a layer stands. */
export type Standing = {
  readonly compiled: CompiledLayer;
  /** Of the stack that it is in. */
  readonly place: Place;
  /** Where a layout puts it; null: where it says itself. */
  readonly box: PlacedBox | null;
  /** Most program pixels that one of its units takes. */
  readonly unitPx: number;
};

/** The box of a layer that is this large; `layer` is the layer at this moment. */
export function layerFrame(
  { compiled, place, box, unitPx }: Standing,
  layer: Layer,
  { width, height }: KnownSize,
): Frame {
  // What is taken out of a layout stands where its own x and y say.
  const at = layer.slot?.absolute === true ? null : box;
  const isOnTheWay = box !== null && box.settled !== null;
  const isAtRest = place.isAtRest && isStraight(layer) && compiled.isStill && !isOnTheWay;
  const exact = multiply(place.matrix, layerMatrix(layer, width, height, at));
  return {
    width,
    height,
    unitPx,
    isAtRest,
    name: nameAt(place, layer.id),
    matrix: isAtRest ? snapped(exact) : exact,
    unitPxNow: Math.hypot(exact.a, exact.b),
    tilted: isTilted(layer)
      ? project(toHomography(place.matrix), tiltedTransform(layer, width, height, at))
      : null,
  };
}

/** The size of a layer that never came to be laid out: as it says itself, or that of a small picture. */
export function sizeOfUnknown(layer: Layer): KnownSize {
  const width = 'width' in layer ? layer.width : undefined;
  const height = 'height' in layer ? layer.height : undefined;
  return { width: width ?? UNKNOWN_SIZE.width, height: height ?? UNKNOWN_SIZE.height };
}

/** From pixels of a bitmap to units of the box that it is a piece of. */
const BOX_UNITS = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/** A frame of which what is drawn has another size, and is stretched to fill it. */
export function stretchedFrame(frame: Frame, size: KnownSize): Frame {
  if (size.width <= 0 || size.height <= 0) return frame;
  const stretch = {
    a: frame.width / size.width,
    b: 0,
    c: 0,
    d: frame.height / size.height,
    e: 0,
    f: 0,
  };
  return {
    ...frame,
    width: size.width,
    height: size.height,
    isAtRest: false,
    matrix: multiply(frame.matrix, stretch),
    tilted: frame.tilted === null ? null : project(frame.tilted, toHomography(stretch)),
  };
}

/** A piece of a layer's box where it stands; null when nothing of it can be seen. */
export function placedPiece(
  piece: Piece,
  { name, matrix, unitPxNow, isAtRest, tilted }: Frame,
  onto: Onto,
): PieceStep | null {
  // A layout may leave a layer no room at all.
  if (piece.widthPx === 0 && piece.heightPx === 0) return null;
  const own = `${name}/${piece.name}`;
  if (tilted === null) {
    const placed = pieceMatrix(matrix, piece, unitPxNow, isAtRest);
    return placeContent(own, piece.content, placed, onto);
  }
  const inBox = toHomography(pieceMatrix(BOX_UNITS, piece, unitPxNow, false));
  return projectContent(own, piece.content, project(tilted, inBox), onto);
}

/** What a group has behind its layers: its area, border and shadows. */
export function groupFrame(
  group: LayerOf<'group'>,
  { width, height }: KnownSize,
  scale: number,
): Piece[] {
  const decoration = decorationOf(group);
  if (width <= 0 || height <= 0) return [];
  if (group.background === null && decoration.border === null) return [];
  const drawing =
    group.background === null
      ? ({ kind: 'nothing' } as const)
      : ({ kind: 'rectangle', fill: group.background } as const);
  const own = group.background === null ? { ...decoration, shadows: [] } : decoration;
  return [toPiece('frame', toContent(drawing, own, { width, height }, scale))];
}

/** What a piece may touch of what its layer may. Only the box of a layer in the plane is cut off like this. */
export function clipOf(
  { part, isClipped }: Piece,
  { matrix, width, height, tilted }: Frame,
  clip: Rect,
): Rect {
  if ((part === undefined && !isClipped) || tilted !== null) return clip;
  const cut = part ?? { x: 0, y: 0, width, height };
  return intersect(clip, boxBounds(shifted(matrix, cut.x, cut.y), cut.width, cut.height));
}
