import type { LayerDocument } from '../document.js';
import { MeterLayerSchema } from './schema.js';

/** Level meters, as documents know them. */
export const METER: LayerDocument<typeof MeterLayerSchema> = {
  schema: MeterLayerSchema,
  example: {
    id: 'level',
    type: 'meter',
    strip: 'source:host',
    x: 80,
    y: 980,
    width: 480,
    height: 28,
    style: 'segments',
    channels: 'stereo',
  },
};
