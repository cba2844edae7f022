import { none, one, unknown, type LayerRules } from '../kind-rules.js';
import type { ShapeLayer } from './schema.js';

/** Figures, as documents know them. */
export const SHAPE_RULES: LayerRules<ShapeLayer> = {
  textFields: [],
  fixedFields: [],
  itemsById: null,
  check: ({ shape, path }) =>
    shape === 'path' && path === null
      ? [{ path: ['path'], message: 'is required when the shape is path' }]
      : [],
  checkWritten: none,
  assets: none,
  parts: one,
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: false,
  coveredArea: unknown,
};
