import { PLAIN, toContent } from '../../render/content.js';
import { toPiece, type Piece } from '../../render/piece.js';
import type { Rect } from '../../memory/region.js';
import { toPremultipliedWord } from '../../scene/color.js';
import { clipOf, placedPiece } from './frame.js';
import type { DrawStep } from './draw-list.js';
import { maskPieces } from './masks.js';
import { boxBounds, intersect, isEmptyRect, isUpright } from './matrix.js';
import type { Place } from './place.js';
import { NORMAL, OPAQUE, solid, type Blending } from '../items/stack.js';
import { buffered, masking } from './buffers.js';
import type { Frame } from './draw-list.js';

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
  { opacity, blend }: Blending,
): DrawStep[] {
  const steps: DrawStep[] = [];
  for (const piece of pieces) {
    const clip = clipOf(piece, frame, place.clip);
    const own = opacity * (piece.opacity ?? 1);
    const step =
      isEmptyRect(clip) || own <= 0
        ? null
        : placedPiece(piece, frame, { clip, opacity: own, blend });
    if (step === null) continue;
    const part = partOf(piece);
    steps.push(part === null ? step : { ...step, part });
  }
  return steps;
}

/** The pieces of a turned layer: its box is no rectangle of program pixels, so what is cut off is masked. */
export function drawCutPieces(
  pieces: readonly Piece[],
  frame: Frame,
  place: Place,
  blending: Blending,
): DrawStep[] {
  const draw = (clip: Place['clip'], isClipped: boolean): DrawStep[] => {
    const some = pieces
      .filter((piece) => piece.isClipped === isClipped)
      .map((piece) => ({ ...piece, isClipped: false }));
    return drawPieces(some, frame, { ...place, clip }, OPAQUE);
  };
  const inside = drawCut(frame, 0, place, (clip) => draw(clip, true));
  const steps = [...inside, ...draw(place.clip, false)];
  return blending.opacity === 1 && blending.blend === NORMAL
    ? steps
    : buffered(`${frame.name}/`, steps, [], blending);
}

/** An area of one colour over the whole box. */
export function drawBackground(frame: Frame, color: string, place: Place): DrawStep[] {
  const { matrix, width, height, unitPx } = frame;
  if (isUpright(matrix)) {
    const bounds = intersect(place.clip, boxBounds(matrix, width, height));
    const word = toPremultipliedWord(color);
    return isEmptyRect(bounds) || word === 0 ? [] : [solid(`${frame.name}/`, bounds, word)];
  }
  const drawing = { kind: 'rectangle', fill: color } as const;
  const piece = toPiece('background', toContent(drawing, PLAIN, { width, height }, unitPx));
  return drawPieces([piece], frame, place, OPAQUE);
}

/** What is drawn inside a box, without what reaches out of it. */
export function drawCut(
  frame: Frame,
  cornerRadius: number,
  place: Place,
  draw: (clip: Place['clip']) => DrawStep[],
): DrawStep[] {
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
  const mask = drawPieces(figure, { ...frame, name }, place, OPAQUE);
  return buffered(
    name,
    draw(isUpright(matrix) ? clip : place.clip),
    [masking(name, mask, { mode: 'alpha', inverted: false })],
    OPAQUE,
  );
}
