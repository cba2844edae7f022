import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { none, type LayerDocument } from '../document.js';
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
  textFields: ['text'],
  fixedFields: ['items'],
  itemsById: null,
  check: ({ text, items }) =>
    text === undefined && items === null
      ? [{ path: ['text'], message: 'is required when there are no items' }]
      : [],
  checkWritten: none,
  assets: ({ items }) => (items ?? []).flatMap(({ image }) => image ?? []),
  parts: ({ items }) => 1 + 2 * Math.max(1, items?.length ?? 0),
  itemsPerPart: 1,
  isMoving: true,
  hasOverlaps: false,
  coveredArea: guessedLineArea,
};
