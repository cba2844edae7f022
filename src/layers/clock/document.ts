import type { LayerDocument } from '../document.js';
import { ClockLayerSchema } from './schema.js';

/** The time of day, as documents know it. */
export const CLOCK: LayerDocument<typeof ClockLayerSchema> = {
  schema: ClockLayerSchema,
  example: { id: 'time', type: 'clock', timeZone: 'Europe/Paris', format: 'HH:mm', x: 1700, y: 40 },
};
