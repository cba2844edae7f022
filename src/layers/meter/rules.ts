import { WHOLE_RULES, type LayerRules } from '../kind-rules.js';
import type { MeterLayer } from './schema.js';

/** Level meters, as documents know them. */
export const METER_RULES: LayerRules<MeterLayer> = {
  ...WHOLE_RULES,
  // What lies below, and for each channel the level and the mark; of a ring each light, four of which are about as much to plan
  // as another layer.
  parts: ({ style, segments }) => (style === 'ring' ? 1 + Math.ceil(segments / 4) : 2),
  itemsPerPart: 4,
  isMoving: true,
  hasOverlaps: true,
};
