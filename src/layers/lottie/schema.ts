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
  width: ExtentPxSchema.optional().meta({ description: 'Default: as the animation is.' }),
  height: ExtentPxSchema.optional().meta({ description: 'Default: as the animation is.' }),
  ...FIT_FIELDS,
  fit: FIT_FIELDS.fit.default('contain'),
  loop: LoopSchema.default(true).meta({
    description: 'How often it runs; true: forever, false: once. Then it stays at its end.',
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
        'The frames that are played, counted from the first of the animation; `to` is left out. Default: all.',
    }),
});
export type LottieLayer = z.infer<typeof LottieLayerSchema>;
