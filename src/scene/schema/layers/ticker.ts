import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../limits.js';
import { TEXT_STYLE } from '../text-style.js';
import { ExtentPxSchema, numberBetween, TextSchema } from '../values.js';
import { BASE_FIELDS } from './base.js';

/** A line of text that runs through its box. */
export const TickerLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('ticker'),
  text: TextSchema,
  ...TEXT_STYLE,
  width: ExtentPxSchema,
  height: ExtentPxSchema,
  speed: numberBetween(-10_000, 10_000)
    .default(120)
    .meta({ description: 'Pixels of the scene per second; positive runs to the left.' }),
  gap: numberBetween(0, LIMITS.extentPx)
    .default(80)
    .meta({ description: 'Pixels between the end of the text and its next beginning.' }),
});
