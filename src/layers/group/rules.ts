import { none, one, unknown, type LayerRules } from '../kind-rules.js';
import type { GroupFields } from './schema.js';

/** Groups, as documents know them. */
export const GROUP_RULES: LayerRules<GroupFields> = {
  textFields: [],
  fixedFields: ['layers'],
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
