import type { LayerDocument } from '../document.js';
import { ShapeLayerSchema } from './schema.js';

/** Figures, as documents know them. */
export const SHAPE: LayerDocument<typeof ShapeLayerSchema> = {
  schema: ShapeLayerSchema,
  example: {
    id: 'panel',
    type: 'shape',
    shape: 'rectangle',
    x: 60,
    y: 880,
    width: 800,
    height: 140,
    fill: {
      type: 'linear',
      stops: [
        { at: 0, color: '#203050' },
        { at: 1, color: '#101828' },
      ],
    },
  },
};
