import type { LayerDocument } from '../document.js';
import { PatternLayerSchema } from './schema.js';

/** Test pictures, as documents know them. */
export const PATTERN: LayerDocument<typeof PatternLayerSchema> = {
  schema: PatternLayerSchema,
  example: { id: 'bars', type: 'pattern', pattern: 'smpte-bars', width: 1920, height: 1080 },
};
