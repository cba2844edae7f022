import type { LayerDocument } from '../document.js';
import { TimerLayerSchema } from './schema.js';

/** How long a scene has been on air, as documents know it. */
export const TIMER: LayerDocument<typeof TimerLayerSchema> = {
  schema: TimerLayerSchema,
  example: { id: 'running', type: 'timer', format: 'mm:ss', x: 80, y: 40 },
};
