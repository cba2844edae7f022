import { z } from 'zod';
import { ExtentPxSchema, IdSchema } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

/** Another scene, whole, with its background. */
export const SceneLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('scene'),
  scene: IdSchema.meta({
    description: 'Id of the nested scene. Cyclic nesting is rejected.',
  }),
  width: ExtentPxSchema.optional().meta({
    description: 'Size of the layer. Default: the size of the nested scene.',
  }),
  height: ExtentPxSchema.optional().meta({
    description: 'Size of the layer. Default: the size of the nested scene.',
  }),
});
export type SceneLayer = z.infer<typeof SceneLayerSchema>;
