import type { Content } from '../../render/content.js';
import { pictureDrawing, toContent, PLAIN } from '../../render/content.js';
import { filteredContent } from '../../render/filtered-content.js';
import type { Piece, ViewContext } from '../../render/piece.js';
import { toColorMatrix } from '../../scene/color-matrix.js';
import type { Filter } from '../../scene/schema/style.js';
import type { Effect } from './draw-list.js';

/** Whether every filter works on each pixel alone, so that it can be done while drawing. */
export function areColorFilters(filters: readonly Filter[]): boolean {
  return filters.every(({ type }) => type !== 'blur');
}

/** Filters as effects on a buffer. Only for those that `areColorFilters`. */
export function filterEffects(name: string, filters: readonly Filter[]): Effect[] {
  return filters.flatMap((filter, i) => {
    const matrix = toColorMatrix(filter);
    return matrix === null ? [] : [{ kind: 'matrix', name: `${name}*${i}`, params: matrix }];
  });
}

/** A picture's bitmap as something that can be painted; null while it is not there. */
function paintable(
  { content, width, height }: Piece,
  scale: number,
  pictureOffset: ViewContext['pictureOffset'],
): Content | null {
  if ('drawing' in content) return content;
  const source = pictureOffset(content);
  return source === null
    ? null
    : toContent(pictureDrawing(content, source, null, false), PLAIN, { width, height }, scale);
}

/** A piece with filters painted into its bitmap: that is done once as long as they stay as they are. */
export function bakedPiece(
  piece: Piece,
  filters: readonly Filter[],
  scale: number,
  pictureOffset: ViewContext['pictureOffset'],
): Piece {
  const plain = paintable(piece, scale, pictureOffset);
  if (plain === null) return piece;
  const content = filteredContent(plain, filters);
  return {
    ...piece,
    content,
    padPx: content.padPx,
    widthPx: content.boxWidth * content.scale,
    heightPx: content.boxHeight * content.scale,
  };
}
