import type { LayerOf } from '../../scene/schema/layer.js';
import { toContent } from '../content.js';
import type { PatternDrawing } from '../pattern.js';
import { decorationOf, toPiece, type ViewOf } from './piece.js';

/** A test picture. */
export const viewPattern: ViewOf<LayerOf<'pattern'>> = (layer, context) => {
  const { width, height, pattern, cellSize, lineWidth, color, background } = layer;
  // A field that moves may stop between two whole numbers.
  const seed = Math.round(layer.seed);
  const drawing: PatternDrawing = {
    kind: 'pattern',
    pattern,
    cellSize,
    lineWidth,
    color,
    background,
    seed,
  };
  const content = toContent(drawing, decorationOf(layer), { width, height }, context.scale);
  return { width, height, pieces: [toPiece('pattern', content)] };
};
