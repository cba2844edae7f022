import type { LayerDocument } from '../document.js';
import { QrLayerSchema } from './schema.js';

/** QR codes, as documents know them. */
export const QR: LayerDocument<typeof QrLayerSchema> = {
  schema: QrLayerSchema,
  example: {
    id: 'code',
    type: 'qr',
    text: 'https://example.com/lots/42',
    x: 1600,
    y: 760,
    width: 256,
  },
};
