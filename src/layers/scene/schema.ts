import { z } from 'zod';
import { ExtentPxSchema, IdSchema } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

/** Another scene, whole, with its background. */
export const SceneLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('scene'),
  scene: IdSchema.meta({
    description: 'Id of the scene; scenes that show each other are refused.',
  }),
  width: ExtentPxSchema.optional().meta({ description: 'Default: as the scene is.' }),
  height: ExtentPxSchema.optional().meta({ description: 'Default: as the scene is.' }),
});
