import { none, one, unknown, type LayerRules } from '../kind-rules.js';
import type { LottieLayer } from './schema.js';

/** Vector animations, as documents know them. */
export const LOTTIE_RULES: LayerRules<LottieLayer> = {
  textFields: [],
  // A speed that changed would make the place in the film jump: it is its time times its speed.
  fixedFields: ['speed', 'startMs', 'segment'],
  itemsById: null,
  check: none,
  checkWritten: none,
  assets: ({ asset }) => [asset],
  parts: one,
  itemsPerPart: 1,
  isMoving: true,
  hasOverlaps: false,
  coveredArea: unknown,
};
