import { complaintsAboutRepeated } from '../../scene/schema/repeated-names.js';
import { none, unknown, type LayerDocument } from '../document.js';
import { OPTIONS_BY_ID } from './gliding-options.js';
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
  textFields: ['options.*.label', 'figures'],
  fixedFields: ['winner.fontWeight'],
  itemsById: OPTIONS_BY_ID,
  check: ({ options }) =>
    complaintsAboutRepeated(
      options.map(({ id }) => id),
      'options',
      'id',
    ),
  checkWritten: none,
  assets: none,
  // The area behind it, and of each option what lies below its bar, the bar, the label and the figures.
  parts: ({ options }) => 1 + 4 * options.length,
  // Bars with round ends are two, and figures are drawn digit by digit.
  itemsPerPart: 4,
  isMoving: false,
  hasOverlaps: true,
  coveredArea: unknown,
};
