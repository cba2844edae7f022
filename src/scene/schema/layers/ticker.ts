import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../limits.js';
import { DigitsSchema, TEXT_STYLE } from '../text-style.js';
import {
  ColorSchema,
  ExtentPxSchema,
  IdSchema,
  MomentMsSchema,
  numberBetween,
  TextSchema,
} from '../values.js';
import { BASE_FIELDS } from './base.js';

/** What an item says, without the book-keeping. */
export const TICKER_ITEM_CONTENT = {
  text: TextSchema,
  color: ColorSchema.nullable().default(null).meta({ description: 'Null: that of the layer.' }),
  image: IdSchema.nullable().default(null).meta({
    description: 'Asset that is shown before the text.',
  }),
};

/** Something that runs through a ticker. */
export const TickerItemSchema = z
  .strictObject({
    id: IdSchema.optional(),
    ...TICKER_ITEM_CONTENT,
    atMs: MomentMsSchema.nullable().default(null).meta({
      description:
        'From when on it may enter, milliseconds since 1970; null: when the scene goes on air.',
    }),
    removedAtMs: MomentMsSchema.nullable().default(null).meta({
      description: 'From when on it enters no more; what has entered runs on.',
    }),
  })
  .meta({ id: 'TickerItem' });
export type TickerItem = z.infer<typeof TickerItemSchema>;

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
