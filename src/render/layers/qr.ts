import type { LayerOf } from '../../scene/schema/layer.js';
import { toContent } from '../content.js';
import { decorationOf, toPiece, type ViewOf } from './piece.js';

/** A QR code. */
export const viewQr: ViewOf<LayerOf<'qr'>> = (layer, context) => {
  const { width, height, text, level, dark, light } = layer;
  // A field that moves may stop between two whole numbers, or overshoot.
  const margin = Math.max(0, Math.round(layer.margin));
  const drawing = { kind: 'qr', text, level, margin, dark, light } as const;
  const content = toContent(drawing, decorationOf(layer), { width, height }, context.scale);
  return { width, height, pieces: [toPiece('qr', content)] };
};
