import { z } from 'zod';
import { TEXT_BLOCK } from '../text-style.js';
import { TextSchema } from '../values.js';
import { BASE_FIELDS } from './base.js';

/** Text of one or more lines. */
export const TextLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('text'),
  text: TextSchema.meta({ description: 'Lines are divided by \\n.' }),
  ...TEXT_BLOCK,
});
