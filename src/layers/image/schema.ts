import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { FIT_FIELDS, LoopSchema, PLAYBACK_FIELDS } from '../../scene/schema/playback.js';
import { ChromaKeySchema } from '../../scene/schema/style.js';
import { ExtentPxSchema, IdSchema, numberBetween } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';

const CropSchema = z.strictObject({
  x: numberBetween(0, LIMITS.extentPx).default(0),
  y: numberBetween(0, LIMITS.extentPx).default(0),
  width: ExtentPxSchema,
  height: ExtentPxSchema,
});

/** A picture, a drawing (SVG), or an animated picture. */
export const ImageLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('image'),
  asset: IdSchema.meta({ description: 'Id of the asset that holds the picture.' }),
  width: ExtentPxSchema.optional().meta({
    description: 'Default: as the picture, or its crop, is.',
  }),
  height: ExtentPxSchema.optional().meta({
    description: 'Default: as the picture, or its crop, is.',
  }),
  ...FIT_FIELDS,
  crop: CropSchema.nullable()
    .default(null)
    .meta({ description: 'The part of the picture that is shown, in its own pixels.' }),
  chromaKey: ChromaKeySchema.nullable().default(null),
  playback: z
    .strictObject({
      loop: LoopSchema.optional().meta({
        description: 'How often it runs; true: forever, false: once. Default: as its file says.',
      }),
      ...PLAYBACK_FIELDS,
    })
    .prefault({})
    .meta({ description: 'Of animated pictures (GIF, WebP, APNG).' }),
});
export type ImageLayer = z.infer<typeof ImageLayerSchema>;
