import { none, one, unknown, type LayerDocument } from '../document.js';
import { LottieLayerSchema } from './schema.js';

/** Vector animations, as documents know them. */
export const LOTTIE: LayerDocument<typeof LottieLayerSchema> = {
  schema: LottieLayerSchema,
  example: {
    id: 'confetti',
    type: 'lottie',
    asset: 'confetti',
    x: 600,
    y: 100,
    width: 720,
    height: 720,
  },
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
