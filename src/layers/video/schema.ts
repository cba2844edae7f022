import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { FIT_FIELDS, LoopSchema } from '../../scene/schema/playback.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { ChromaKeySchema } from '../../scene/schema/style.js';
import { VideoTransportSchema } from '../../scene/schema/video-transport.js';
import { ExtentPxSchema, IdSchema, numberBetween } from '../../scene/schema/values.js';

/** A video from a file. */
export const VideoLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('video'),
  asset: IdSchema.meta({ description: 'Id of the asset that holds the video.' }),
  width: ExtentPxSchema.optional().meta({
    description: 'Size of the layer. Default: the size of the video.',
  }),
  height: ExtentPxSchema.optional().meta({
    description: 'Size of the layer. Default: the size of the video.',
  }),
  ...FIT_FIELDS,
  fit: FIT_FIELDS.fit.default('contain'),
  chromaKey: ChromaKeySchema.nullable().default(null),
  loop: LoopSchema.default(true).meta({
    description: 'Number of repetitions; true: forever, false: once.',
  }),
  speed: numberBetween(LIMITS.slowestVideo, LIMITS.fastestVideo).default(1).meta({
    description: 'Playback speed as a multiple of the original.',
  }),
  startMs: numberBetween(0, LIMITS.animationMs).default(0).meta({
    description:
      'Scene time at which playback starts, in milliseconds. The first picture is shown before.',
  }),
  inMs: numberBetween(0, LIMITS.animationMs).default(0).meta({
    description: 'Where in the video a run begins, in milliseconds.',
  }),
  outMs: numberBetween(1, LIMITS.animationMs).optional().meta({
    description: 'Where in the video a run ends, in milliseconds. Default: the end of the video.',
  }),
  atEnd: z.enum(['hold', 'hide']).default('hold').meta({
    description:
      'What is shown after the last run: the last picture, or nothing. The event `video.ended` reports it in either case; `video.started` and `video.looped` report beginnings.',
  }),
  transport: VideoTransportSchema.nullable().default(null).meta({
    description:
      'Where the operations `video.pause`, `video.resume`, `video.seek` and `video.restart` have put the video. Null: it plays from its beginning with its scene.',
  }),
});
export type VideoLayer = z.infer<typeof VideoLayerSchema>;
