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
    description: 'Text that repeats endlessly. Required when there are no `items`.',
  }),
  items: z.array(TickerItemSchema).max(LIMITS.tickerItems).nullable().default(null).meta({
    description:
      'Queue of items, in place of `text`. An item enters at its time, but not before the previous item has entered completely. Adding an item does not move those that are visible.',
  }),
  loop: z.boolean().default(true).meta({
    description: 'Whether the items repeat after the last one has entered.',
  }),
  separator: z.string().max(100).default('').meta({
    description: 'Text between items, or between repetitions of the text.',
    example: '•',
  }),
  ...TEXT_STYLE,
  digits: DigitsSchema.default('auto'),
  width: ExtentPxSchema,
  height: ExtentPxSchema,
  direction: z.enum(['left', 'right', 'up', 'down']).default('left').meta({
    description:
      'Direction of movement. With up and down, text is wrapped to the width of the layer.',
  }),
  speed: numberBetween(-10_000, 10_000).default(120).meta({
    description: 'Speed in scene pixels per second; negative values reverse the direction.',
  }),
  gap: numberBetween(0, LIMITS.extentPx).default(80).meta({
    description: 'Pixels between items, and on both sides of the separator.',
  }),
  align: z.enum(['left', 'center', 'right']).default('left').meta({
    description: 'Alignment of lines that move up or down.',
  }),
});
export type TickerLayer = z.infer<typeof TickerLayerSchema>;
