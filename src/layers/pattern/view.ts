import { toContent } from '../../render/content.js';
import type { PatternDrawing } from '../../render/pattern.js';
import { decorationOf, toPiece, type ViewOf } from '../../render/piece.js';
import type { PatternLayer } from './schema.js';
import { noSpans, type KindView } from '../kind-view.js';

/** A test picture. */
export const viewPattern: ViewOf<PatternLayer> = (layer, context) => {
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

/** How the kind is drawn. */
export const PATTERN_VIEW: KindView<PatternLayer> = {
  create: () => viewPattern,
  dependsOn: 'nothing',
  pictures: null,
  spans: noSpans,
  size: 'own',
  isStretched: false,
};
