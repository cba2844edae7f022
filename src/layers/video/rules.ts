import { none, one, unknown, type LayerRules } from '../kind-rules.js';
import type { VideoLayer } from './schema.js';

/** Videos, as documents know them. */
export const VIDEO_RULES: LayerRules<VideoLayer> = {
  textFields: [],
  // What changed while it plays would make its place jump: that is its time times its speed.
  fixedFields: ['speed', 'startMs', 'inMs', 'outMs', 'transport', 'chromaKey'],
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
