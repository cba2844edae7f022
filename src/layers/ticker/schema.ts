import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { DigitsSchema, TEXT_STYLE } from '../../scene/schema/text-style.js';
import { TickerItemSchema } from '../../scene/schema/ticker-item.js';
import { ExtentPxSchema, numberBetween, TextSchema } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

/** Text, or items one after the other, that run through a box. */
export const TickerLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('ticker'),
  text: TextSchema.optional().meta({
    description: 'Runs without end. Needed when there are no `items`.',
  }),
  items: z.array(TickerItemSchema).max(LIMITS.tickerItems).nullable().default(null).meta({
    description:
      'A queue in place of `text`. An item enters at its moment, or when the one before it has entered whole; one that is added does not move those that run.',
  }),
  loop: z.boolean().default(true).meta({
    description: 'Whether items come round again when the last one has entered.',
  }),
  separator: z.string().max(100).default('').meta({
    description: 'Stands between items, or between the end of the text and its next beginning.',
    example: '•',
  }),
  ...TEXT_STYLE,
  digits: DigitsSchema.default('auto'),
  width: ExtentPxSchema,
  height: ExtentPxSchema,
  direction: z.enum(['left', 'right', 'up', 'down']).default('left').meta({
    description: 'Where it runs to. Upwards and downwards, text is broken into lines of the width.',
  }),
  speed: numberBetween(-10_000, 10_000)
    .default(120)
    .meta({ description: 'Pixels of the scene per second; negative runs the other way.' }),
  gap: numberBetween(0, LIMITS.extentPx).default(80).meta({
    description: 'Pixels between items, and on both sides of the separator.',
  }),
  align: z.enum(['left', 'center', 'right']).default('left').meta({
    description: 'Of lines that run upwards or downwards.',
  }),
});
export type TickerLayer = z.infer<typeof TickerLayerSchema>;
