import { z } from 'zod';
import { TICKER_ITEM_CONTENT } from '../schema/ticker-item.js';
import type { EnteredItem, TickerAnchor } from './anchor.js';

const EnteredItemSchema: z.ZodType<EnteredItem> = z.strictObject({
  index: z.int().min(0).nullable(),
  content: z.strictObject(TICKER_ITEM_CONTENT).nullable(),
  ranPx: z.number(),
  isJoined: z.boolean(),
});

/** An anchor as it is stored. */
export const TickerAnchorSchema: z.ZodType<TickerAnchor> = z.strictObject({
  atMs: z.number(),
  takenAtMs: z.number(),
  startPx: z.number(),
  queue: z
    .strictObject({
      entered: z.array(EnteredItemSchema),
      next: z.int().min(0),
      freePx: z.number(),
      isFollowing: z.boolean(),
    })
    .nullable(),
});
