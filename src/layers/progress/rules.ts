import { none, unknown, type LayerRules } from '../kind-rules.js';
import type { ProgressLayer } from './schema.js';

/** Bars, rings and segments, as documents know them. */
export const PROGRESS_RULES: LayerRules<ProgressLayer> = {
  textFields: ['label.text'],
  fixedFields: [],
  itemsById: null,
  check: ({ min, max }) =>
    max > min ? [] : [{ path: ['max'], message: 'must be greater than min' }],
  checkWritten: none,
  assets: none,
  parts: ({ style, segments }) => (style === 'segments' ? 1 + segments : 3),
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: true,
  coveredArea: unknown,
};
