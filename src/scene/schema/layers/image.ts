import { z } from 'zod';
import { ExtentPxSchema, IdSchema } from '../values.js';
import { BASE_FIELDS } from './base.js';

/** A picture. */
export const ImageLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('image'),
  asset: IdSchema.meta({ description: 'Id of the asset that holds the picture.' }),
  width: ExtentPxSchema.optional().meta({ description: 'Default: as the picture is.' }),
  height: ExtentPxSchema.optional().meta({ description: 'Default: as the picture is.' }),
});
