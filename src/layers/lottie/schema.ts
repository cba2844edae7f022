import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { FIT_FIELDS, LoopSchema, PLAYBACK_FIELDS } from '../../scene/schema/playback.js';
import { ExtentPxSchema, IdSchema, numberBetween } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

/** A vector animation. */
export const LottieLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('lottie'),
  asset: IdSchema.meta({ description: 'Id of the asset that holds the Lottie animation.' }),
  width: ExtentPxSchema.optional().meta({
    description: 'Size of the layer. Default: the size of the animation.',
  }),
  height: ExtentPxSchema.optional().meta({
    description: 'Size of the layer. Default: the size of the animation.',
  }),
  ...FIT_FIELDS,
  fit: FIT_FIELDS.fit.default('contain'),
  loop: LoopSchema.default(true).meta({
    description:
      'Number of repetitions; true: forever, false: once. The last frame remains visible afterwards.',
  }),
  ...PLAYBACK_FIELDS,
  segment: z
    .strictObject({
      from: numberBetween(0, LIMITS.lottieFrames).default(0),
      to: numberBetween(0, LIMITS.lottieFrames).optional(),
    })
    .prefault({})
    .meta({
      description:
        'Frames to play, counted from the first frame of the animation; `to` is exclusive. Default: all frames.',
    }),
});
export type LottieLayer = z.infer<typeof LottieLayerSchema>;
