import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../limits.js';
import { ColorSchema, numberBetween } from '../values.js';
import { BASE_FIELDS } from './base.js';

/** A figure. */
export const ShapeLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('shape'),
  shape: z.enum(['rectangle', 'ellipse', 'line']),
  width: numberBetween(0, LIMITS.extentPx),
  height: numberBetween(0, LIMITS.extentPx),
  fill: ColorSchema.default('#ffffff').meta({
    description: 'Colour of the area; of a line, its own.',
  }),
  lineWidth: numberBetween(0, LIMITS.borderPx)
    .default(2)
    .meta({ description: 'Of a line: it runs from the top left to the bottom right of its box.' }),
});
