import type { z } from 'zod';
import type { LayerDocument } from '../document.js';
import { GroupFieldsSchema } from './schema.js';

/** A layer of the example; kinds do not know each other. */
type Box = {
  id: string;
  type: 'shape';
  shape: 'rectangle';
  width: number;
  height: number;
  fill: string;
};
type Example = z.input<typeof GroupFieldsSchema> & { layers: Box[] };

/** Groups, as documents know them. */
export const GROUP: LayerDocument<typeof GroupFieldsSchema, Example> = {
  schema: GroupFieldsSchema,
  example: {
    id: 'guests',
    type: 'group',
    x: 60,
    y: 60,
    width: 1800,
    height: 960,
    layout: { type: 'tiles', gap: 24 },
    layers: [
      { id: 'guest-1', type: 'shape', shape: 'rectangle', width: 16, height: 9, fill: '#304060' },
      { id: 'guest-2', type: 'shape', shape: 'rectangle', width: 16, height: 9, fill: '#604030' },
    ],
  },
};
