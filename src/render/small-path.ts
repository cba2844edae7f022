import { PLAIN, toContent, type DrawingOf } from './content.js';
import { toPiece, type BoxPart, type Piece } from './piece.js';

/**
 * A piece no larger than it needs to be, on whole pixels, so that many of them take little room and none is sampled anew.
 * @param around - what the drawing covers, in units
 * @param drawingAt - draws it with its origin moved by so much
 */
export function smallPiece(
  name: string,
  around: BoxPart,
  scale: number,
  drawingAt: (dx: number, dy: number) => DrawingOf<'figure'>,
): Piece {
  // A pixel of room on each side for soft edges.
  const x = (Math.floor(around.x * scale) - 1) / scale;
  const y = (Math.floor(around.y * scale) - 1) / scale;
  const right = (Math.ceil((around.x + around.width) * scale) + 1) / scale;
  const bottom = (Math.ceil((around.y + around.height) * scale) + 1) / scale;
  const box = { width: right - x, height: bottom - y };
  return toPiece(name, toContent(drawingAt(-x, -y), PLAIN, box, scale), x, y);
}

/** The box of points, with so much room around them. */
export function boxAround(
  points: readonly { readonly x: number; readonly y: number }[],
  room: number,
): BoxPart {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs) - room, Math.min(...ys) - room];
  return { x, y, width: Math.max(...xs) + room - x, height: Math.max(...ys) + room - y };
}
