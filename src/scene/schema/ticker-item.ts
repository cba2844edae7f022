import { z } from 'zod';
import { ColorSchema, IdSchema, MomentMsSchema, TextSchema } from './values.js';

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
