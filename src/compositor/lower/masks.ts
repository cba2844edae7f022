import { PLAIN, toContent } from '../../render/content.js';
import { toPiece, type Piece } from '../../render/piece.js';
import type { Mask } from '../../scene/schema/style.js';

/** The figure of a mask in the box of its layer, white; none when it has no area. */
export function maskPieces(
  mask: Extract<Mask, { type: 'shape' }>,
  boxWidth: number,
  boxHeight: number,
  scale: number,
): Piece[] {
  const width = mask.width ?? Math.max(0, boxWidth - mask.x);
  const height = mask.height ?? Math.max(0, boxHeight - mask.y);
  if (width === 0 || height === 0) return [];
  const content = toContent(
    { kind: mask.shape, fill: '#ffffff' },
    { ...PLAIN, cornerRadius: mask.cornerRadius },
    { width, height },
    scale,
  );
  return [toPiece('mask', content, mask.x, mask.y)];
}
