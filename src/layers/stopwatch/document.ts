import type { LayerDocument } from '../document.js';
import { StopwatchLayerSchema } from './schema.js';

/** Clocks that are started and stopped, as documents know them. */
export const STOPWATCH: LayerDocument<typeof StopwatchLayerSchema> = {
  schema: StopwatchLayerSchema,
  example: {
    id: 'round',
    type: 'stopwatch',
    countdownFromMs: 90_000,
    format: 'm:ss',
    x: 80,
    y: 40,
    finishedText: 'Time!',
  },
};
