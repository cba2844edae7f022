import { WHOLE_RULES, type LayerRules } from '../kind-rules.js';
import type { ShapeLayer } from './schema.js';

/** Figures, as documents know them. */
export const SHAPE_RULES: LayerRules<ShapeLayer> = {
  ...WHOLE_RULES,
  check: ({ shape, path }) =>
    shape === 'path' && path === null
      ? [{ path: ['path'], message: 'is required when the shape is path' }]
      : [],
};
