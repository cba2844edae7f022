import { z } from 'zod';
import { ColorSchema, IdSchema, MomentMsSchema, TextSchema } from './values.js';

/** What an item says, without the book-keeping. */
export const TICKER_ITEM_CONTENT = {
  text: TextSchema,
  color: ColorSchema.nullable()
    .default(null)
    .meta({ description: 'Text colour; null: the colour of the layer.' }),
  image: IdSchema.nullable().default(null).meta({
    description: 'Id of an asset that is shown before the text; null: none.',
  }),
};

/** Something that runs through a ticker. */
export const TickerItemSchema = z
  .strictObject({
    id: IdSchema.optional(),
    ...TICKER_ITEM_CONTENT,
    atMs: MomentMsSchema.nullable().default(null).meta({
      description:
        'Earliest time at which the item enters, in milliseconds since 1970; null: when the scene goes on air.',
    }),
    removedAtMs: MomentMsSchema.nullable().default(null).meta({
      description:
        'Time from which the item no longer enters, in milliseconds since 1970; null: none. Visible items continue.',
    }),
  })
  .meta({ id: 'TickerItem' });
export type TickerItem = z.infer<typeof TickerItemSchema>;
