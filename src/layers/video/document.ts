import type { LayerDocument } from '../document.js';
import { VideoLayerSchema } from './schema.js';

/** Videos, as documents know them. */
export const VIDEO: LayerDocument<typeof VideoLayerSchema> = {
  schema: VideoLayerSchema,
  example: {
    id: 'clip',
    type: 'video',
    asset: 'intro',
    x: 1240,
    y: 60,
    width: 640,
    height: 360,
    fit: 'cover',
    cornerRadius: 16,
    outMs: 12000,
  },
};
