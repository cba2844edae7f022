import type { LayerDocument } from '../document.js';
import { TickerLayerSchema } from './schema.js';

/** Texts that run through a box, as documents know them. */
export const TICKER: LayerDocument<typeof TickerLayerSchema> = {
  schema: TickerLayerSchema,
  example: {
    id: 'news',
    type: 'ticker',
    text: 'Bids are binding',
    y: 1010,
    width: 1920,
    height: 64,
    fontSize: 36,
    speed: 180,
  },
};
