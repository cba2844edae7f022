import type { Box } from '../scene/picture-fit.js';
import { PLAIN, toContent, type Decoration, type Drawing } from '../render/content.js';
import { isPlain, toClippedPiece, toPiece, type Piece } from '../render/piece.js';

/** A picture of a video or of a live input in its layer. */
export type MovingPicture = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where all of it would be in the layer's box, and what of that is in the box. */
  readonly place: Box;
  readonly visible: Box;
  /** Draws it to a place. */
  readonly drawing: (to: Box) => Drawing;
};

/** The picture as it is, cut off at the layer's box. */
function plainPiece({ widthPx, heightPx, place, visible, drawing }: MovingPicture): Piece {
  const box = { x: 0, y: 0, width: widthPx, height: heightPx };
  const { x, y, width, height } = place;
  const content = toContent(drawing(box), PLAIN, box, 1);
  return { ...toClippedPiece('video', content, x, y), width, height, sampled: visible };
}

/** The picture painted with what decorates it. */
function decoratedPiece(
  { place, visible, drawing }: MovingPicture,
  decoration: Decoration,
  scale: number,
): Piece {
  const to = { ...place, x: place.x - visible.x, y: place.y - visible.y };
  const content = toContent(drawing(to), decoration, visible, scale);
  return toPiece('video', content, visible.x, visible.y);
}

/** What shows the picture. One without decoration is drawn from where it was decoded to. @param scale - pixels per unit */
export function movingPicturePiece(
  picture: MovingPicture,
  decoration: Decoration,
  scale: number,
): Piece {
  return isPlain(decoration) ? plainPiece(picture) : decoratedPiece(picture, decoration, scale);
}
