import { none, one, unknown, type LayerRules } from '../kind-rules.js';
import type { ImageLayer } from './schema.js';

/** Pictures, drawings and animated pictures, as documents know them. */
export const IMAGE_RULES: LayerRules<ImageLayer> = {
  textFields: [],
  fixedFields: ['playback', 'chromaKey'],
  itemsById: null,
  check: none,
  checkWritten: none,
  assets: ({ asset }) => [asset],
  parts: one,
  itemsPerPart: 1,
  isMoving: false,
  hasOverlaps: false,
  coveredArea: unknown,
};
