import { none, one, unknown, type LayerRules } from '../kind-rules.js';
import type { PatternLayer } from './schema.js';

/** Test pictures, as documents know them. */
export const PATTERN_RULES: LayerRules<PatternLayer> = {
  textFields: [],
  fixedFields: [],
  itemsById: null,
  check: none,
  checkWritten: none,
  assets: none,
  parts: one,
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: false,
  coveredArea: unknown,
};
