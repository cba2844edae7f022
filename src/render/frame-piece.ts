import { toContent, type Decoration } from './content.js';
import { toPiece, type Piece } from './piece.js';

/** Only a border needs a bitmap of its own: the shadow goes with the letters. */
export function frameOf(
  decoration: Decoration,
  box: { width: number; height: number },
  scale: number,
): Piece[] {
  if (decoration.border === null) return [];
  return [
    toPiece('frame', toContent({ kind: 'nothing' }, { ...decoration, shadows: [] }, box, scale)),
  ];
}
