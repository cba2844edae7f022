import type { LayerDocument } from '../document.js';
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
};
