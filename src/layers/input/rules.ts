import { none, one, unknown, type LayerRules } from '../kind-rules.js';
import type { InputLayer } from './schema.js';

/** Live inputs, as documents know them. */
export const INPUT_RULES: LayerRules<InputLayer> = {
  textFields: [],
  fixedFields: ['chromaKey'],
  itemsById: null,
  check: ({ whenLost, fallbackAsset }) =>
    whenLost === 'fallback' && fallbackAsset === undefined
      ? [{ path: ['fallbackAsset'], message: 'is required with whenLost: fallback' }]
      : [],
  checkWritten: none,
  assets: ({ fallbackAsset }) => (fallbackAsset === undefined ? [] : [fallbackAsset]),
  parts: one,
  itemsPerPart: 1,
  isMoving: true,
  hasOverlaps: false,
  coveredArea: unknown,
};
