import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { FIT_FIELDS } from '../../scene/schema/playback.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { ChromaKeySchema } from '../../scene/schema/style.js';
import { ExtentPxSchema, IdSchema, numberBetween } from '../../scene/schema/values.js';

/** The picture of a live input. */
export const InputLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('input'),
  input: IdSchema.meta({ description: 'Id of the live input; see /api/inputs.' }),
  width: ExtentPxSchema.meta({ description: 'Size of the layer.' }),
  height: ExtentPxSchema.meta({ description: 'Size of the layer.' }),
  ...FIT_FIELDS,
  fit: FIT_FIELDS.fit.default('contain'),
  chromaKey: ChromaKeySchema.nullable().default(null),
  whenLost: z.enum(['hold', 'placeholder', 'hide', 'fallback']).default('hold').meta({
    description:
      'What is shown after the input has sent nothing for `lostAfterMs`: its last picture, the placeholder, nothing, or the picture of `fallbackAsset`. It shows the input again as soon as that sends again.',
  }),
  lostAfterMs: numberBetween(0, LIMITS.animationMs).default(2000).meta({
    description: 'How long the input may send nothing before it is lost, in milliseconds.',
  }),
  fallbackAsset: IdSchema.optional().meta({
    description: 'Id of the asset with the picture that is shown with `whenLost: fallback`.',
  }),
});
export type InputLayer = z.infer<typeof InputLayerSchema>;
