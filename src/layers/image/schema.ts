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
    description: 'Size of the layer. Default: the size of the picture, or of its crop.',
  }),
  height: ExtentPxSchema.optional().meta({
    description: 'Size of the layer. Default: the size of the picture, or of its crop.',
  }),
  ...FIT_FIELDS,
  crop: CropSchema.nullable()
    .default(null)
    .meta({ description: 'Part of the picture that is shown, in pixels of the picture.' }),
  chromaKey: ChromaKeySchema.nullable().default(null),
  playback: z
    .strictObject({
      loop: LoopSchema.optional().meta({
        description:
          'Number of repetitions; true: forever, false: once. Default: the value in the file.',
      }),
      ...PLAYBACK_FIELDS,
    })
    .prefault({})
    .meta({ description: 'Playback of animated pictures (GIF, WebP, APNG).' }),
});
export type ImageLayer = z.infer<typeof ImageLayerSchema>;
