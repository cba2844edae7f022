import type { LayerDocument } from '../document.js';
import { CountdownLayerSchema } from './schema.js';

/** What is left until a moment, as documents know it. */
export const COUNTDOWN: LayerDocument<typeof CountdownLayerSchema> = {
  schema: CountdownLayerSchema,
  example: { id: 'left', type: 'countdown', to: '2030-01-01T00:00:00Z', x: 80, y: 40 },
};
