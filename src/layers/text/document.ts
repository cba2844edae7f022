import type { LayerDocument } from '../document.js';
import { TextLayerSchema } from './schema.js';

/** Texts, as documents know them. */
export const TEXT: LayerDocument<typeof TextLayerSchema> = {
  schema: TextLayerSchema,
  example: {
    id: 'bid',
    type: 'text',
    x: 80,
    y: 900,
    width: 720,
    fontSize: 64,
    fontWeight: 700,
    spans: [
      { text: 'Current bid ' },
      { text: '{{bid.amount | currency:"EUR"}}', color: '#ffd84a' },
    ],
    stroke: { width: 4, color: '#000000' },
  },
};
