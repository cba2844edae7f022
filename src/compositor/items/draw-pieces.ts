import { PLAIN, toContent } from '../../render/content.js';
import { toPiece, type Piece } from '../../render/piece.js';
import type { Rect } from '../../memory/region.js';
import { toPremultipliedWord } from '../../scene/color.js';
import type { ItemContext } from './context.js';
import { clipOf, placedPiece, type Frame } from './frame.js';
import type { Item } from './item.js';
import { maskPieces } from './masks.js';
import { boxBounds, intersect, isEmptyRect, isUpright } from './matrix.js';
import type { Place } from './place.js';
import { withLevels } from './reduction.js';
import { buffered, masking, solid } from './stack.js';
import { BLEND_MODES } from '../../scene/blend-modes.js';

const NORMAL = BLEND_MODES.indexOf('normal');

/** Places so near to the edge of a pixel are at it, in pixels. */
const NEAR_PX = 1e-6;

/** The pixels of a piece's bitmap of which something is in the part that it is sampled from; null: all. */
function partOf({ sampled, content, x, y, width, height }: Piece): Rect | null {
  if (sampled === undefined || width <= 0 || height <= 0) return null;
  const { widthPx, heightPx } = content;
  const toX = (at: number): number => ((at - x) / width) * widthPx;
  const toY = (at: number): number => ((at - y) / height) * heightPx;
  const part = {
    x0: Math.max(0, Math.floor(toX(sampled.x) + NEAR_PX)),
    y0: Math.max(0, Math.floor(toY(sampled.y) + NEAR_PX)),
    x1: Math.min(widthPx, Math.ceil(toX(sampled.x + sampled.width) - NEAR_PX)),
    y1: Math.min(heightPx, Math.ceil(toY(sampled.y + sampled.height) - NEAR_PX)),
  };
  return isEmptyRect(part) ? null : part;
}

/** Pieces of a layer's box, drawn. */
export function drawPieces(
  pieces: readonly Piece[],
  frame: Frame,
  place: Place,
  context: ItemContext,
  opacity: number,
  blend: number,
): Item[] {
  const items: Item[] = [];
  for (const piece of pieces) {
    const clip = clipOf(piece, frame, place.clip);
    const bitmap = isEmptyRect(clip) ? null : context.bitmap(piece.content);
    const own = opacity * (piece.opacity ?? 1);
    const item =
      bitmap === null || own <= 0 ? null : placedPiece(piece, bitmap, frame, clip, own, blend);
    if (item !== null) items.push(withLevels({ ...item, part: partOf(piece) }, context));
  }
  return items;
}

/** The pieces of a turned layer: its box is no rectangle of program pixels, so what is cut off is masked. */
export function drawCutPieces(
  pieces: readonly Piece[],
  frame: Frame,
  place: Place,
  context: ItemContext,
  opacity: number,
  blend: number,
): Item[] {
  const draw = (clip: Place['clip'], isClipped: boolean): Item[] => {
    const some = pieces
      .filter((piece) => piece.isClipped === isClipped)
      .map((piece) => ({ ...piece, isClipped: false }));
    return drawPieces(some, frame, { ...place, clip }, context, 1, NORMAL);
  };
  const inside = drawCut(frame, 0, place, context, (clip) => draw(clip, true));
  const items = [...inside, ...draw(place.clip, false)];
  return opacity === 1 && blend === NORMAL
    ? items
    : buffered(`${frame.name}/`, items, () => [], opacity, blend);
}

/** An area of one colour over the whole box. */
export function drawBackground(
  frame: Frame,
  color: string,
  place: Place,
  context: ItemContext,
): Item[] {
  const { matrix, width, height, unitPx } = frame;
  if (isUpright(matrix)) {
    const bounds = intersect(place.clip, boxBounds(matrix, width, height));
    const word = toPremultipliedWord(color);
    return isEmptyRect(bounds) || word === 0 ? [] : [solid(`${frame.name}/`, bounds, word)];
  }
  const drawing = { kind: 'rectangle', fill: color } as const;
  const piece = toPiece('background', toContent(drawing, PLAIN, { width, height }, unitPx));
  return drawPieces([piece], frame, place, context, 1, NORMAL);
}

/** What is drawn inside a box, without what reaches out of it. */
export function drawCut(
  frame: Frame,
  cornerRadius: number,
  place: Place,
  context: ItemContext,
  draw: (clip: Place['clip']) => Item[],
): Item[] {
  const { matrix, width, height, unitPx } = frame;
  const clip = intersect(place.clip, boxBounds(matrix, width, height));
  if (isUpright(matrix)) {
    if (isEmptyRect(clip)) return [];
    if (cornerRadius === 0) return draw(clip);
  }
  const figure = maskPieces(
    {
      type: 'shape',
      shape: 'rectangle',
      mode: 'alpha',
      inverted: false,
      x: 0,
      y: 0,
      width,
      height,
      cornerRadius,
    },
    width,
    height,
    unitPx,
  );
  const name = `${frame.name}|`;
  const mask = drawPieces(figure, { ...frame, name }, place, context, 1, NORMAL);
  return buffered(
    name,
    draw(isUpright(matrix) ? clip : place.clip),
    (bounds) => masking(name, mask, { mode: 'alpha', inverted: false }, bounds),
    1,
    NORMAL,
  );
}
