import { guessedLineArea } from '../../scene/load/guessed-line.js';
import { none, type LayerRules } from '../kind-rules.js';
import type { TickerLayer } from './schema.js';

/** Texts that run through a box, as documents know them. */
export const TICKER_RULES: LayerRules<TickerLayer> = {
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
