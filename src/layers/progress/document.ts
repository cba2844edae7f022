import type { LayerDocument } from '../document.js';
import { ProgressLayerSchema } from './schema.js';

/** Bars, rings and segments, as documents know them. */
export const PROGRESS: LayerDocument<typeof ProgressLayerSchema> = {
  schema: ProgressLayerSchema,
  example: {
    id: 'goal',
    type: 'progress',
    value: 64,
    max: 100,
    x: 80,
    y: 960,
    width: 720,
    height: 32,
    cornerRadius: 16,
    label: { text: '{value} of {max}' },
  },
};
