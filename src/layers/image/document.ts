import type { LayerDocument } from '../document.js';
import { ImageLayerSchema } from './schema.js';

/** Pictures, drawings and animated pictures, as documents know them. */
export const IMAGE: LayerDocument<typeof ImageLayerSchema> = {
  schema: ImageLayerSchema,
  example: {
    id: 'lot',
    type: 'image',
    asset: 'lot-42',
    x: 80,
    y: 120,
    width: 640,
    height: 640,
    cornerRadius: 24,
    shadow: { y: 12, blur: 40 },
    filters: [{ type: 'saturation', amount: 1.2 }],
  },
};
