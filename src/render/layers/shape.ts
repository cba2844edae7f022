import type { LayerOf } from '../../scene/schema/layer.js';
import { toContent, type Drawing } from '../content.js';
import { decorationOf, toPiece, type ViewOf } from './piece.js';

function drawingOf(layer: LayerOf<'shape'>): Drawing {
  if (layer.shape === 'line') return { kind: 'line', fill: layer.fill, lineWidth: layer.lineWidth };
  return { kind: layer.shape, fill: layer.fill };
}

/** A rectangle, an ellipse or a line. */
export const viewShape: ViewOf<LayerOf<'shape'>> = (layer, context) => {
  const { width, height } = layer;
  if (width === 0 && height === 0) return { width, height, pieces: [] };
  const isLine = layer.shape === 'line';
  const decoration = isLine
    ? { ...decorationOf(layer), cornerRadius: 0, border: null }
    : decorationOf(layer);
  const content = toContent(
    drawingOf(layer),
    decoration,
    { width, height },
    context.scale,
    isLine ? layer.lineWidth : 0,
  );
  return { width, height, pieces: [toPiece('shape', content)] };
};
