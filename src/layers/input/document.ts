import type { LayerDocument } from '../document.js';
import { InputLayerSchema } from './schema.js';

/** Live inputs, as documents know them. */
export const INPUT: LayerDocument<typeof InputLayerSchema> = {
  schema: InputLayerSchema,
  example: {
    id: 'guest',
    type: 'input',
    input: 'guest',
    x: 1240,
    y: 60,
    width: 640,
    height: 360,
    fit: 'cover',
    cornerRadius: 16,
    whenLost: 'placeholder',
  },
};
