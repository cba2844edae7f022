import { none, one, unknown, type LayerDocument } from '../document.js';
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
  textFields: [],
  fixedFields: ['playback', 'chromaKey'],
  itemsById: null,
  check: none,
  checkWritten: none,
  assets: ({ asset }) => [asset],
  parts: one,
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: false,
  coveredArea: unknown,
};
