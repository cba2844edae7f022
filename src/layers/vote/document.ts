import type { LayerDocument } from '../document.js';
import { VoteLayerSchema } from './schema.js';

/** Polls, as documents know them. */
export const VOTE: LayerDocument<typeof VoteLayerSchema> = {
  schema: VoteLayerSchema,
  example: {
    id: 'poll',
    type: 'vote',
    x: 80,
    y: 620,
    width: 720,
    height: 360,
    order: 'descending',
    figures: '{count} ({percent})',
    options: [
      { id: 'sell', label: 'Sell now', value: 412 },
      { id: 'wait', label: 'Wait for one more bid', value: 655, color: '#34d399' },
      { id: 'withdraw', label: 'Withdraw the lot', value: 98 },
    ],
  },
};
