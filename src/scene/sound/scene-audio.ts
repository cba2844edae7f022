import { z } from 'zod';
import { SCENE_LIMITS } from '../limits.js';
import { complaintsAboutRepeated } from '../schema/repeated-names.js';
import { IdSchema, numberBetween } from '../schema/values.js';
import { SOUND_LIMITS } from './limits.js';

const FadeMsSchema = numberBetween(0, SCENE_LIMITS.transitionMs).nullable().default(null);

/** A source that belongs to a scene: it is heard while the scene is on air. */
export const SceneAudioSchema = z
  .strictObject({
    source: IdSchema.meta({
      description: 'Audio source that is audible while the scene is on air.',
    }),
    gainDb: numberBetween(SOUND_LIMITS.minGainDb, SOUND_LIMITS.maxGainDb)
      .default(0)
      .meta({
        description: `Gain in dB while the scene is on air, added to that of the strip of the source; ${SOUND_LIMITS.minGainDb} is silence.`,
      }),
    fadeInMs: FadeMsSchema.meta({
      description:
        'Duration of the fade when the source becomes audible, in milliseconds. Null: that of the transition between the scenes, or of the change.',
    }),
    fadeOutMs: FadeMsSchema.meta({
      description:
        'Duration of the fade when the source ceases to be audible, in milliseconds. Null: that of the transition between the scenes, or of the change.',
    }),
    layer: IdSchema.nullable().default(null).meta({
      description:
        'Layer of the scene: the source is audible only while that layer is visible, and fades with its `enter` and `exit` unless a fade is set. A layer that does not exist counts as hidden. Null: always.',
    }),
  })
  .meta({ id: 'SceneAudio', example: { source: 'music', gainDb: -6, fadeInMs: 1500 } });
export type SceneAudio = z.infer<typeof SceneAudioSchema>;

/** The sources that belong to a scene. */
export const SceneAudioListSchema = z
  .array(SceneAudioSchema)
  .max(SOUND_LIMITS.sources)
  .superRefine((entries, context) => {
    const sources = entries.map(({ source }) => source);
    for (const { path, message } of complaintsAboutRepeated(sources, 'audio', 'source'))
      context.addIssue({ code: 'custom', path: path.slice(1), message });
  })
  .default([])
  .meta({
    description:
      'Audio sources of the scene. They come and go with it: with the duration and easing of the transition that puts the scene on air, or with their own fades.',
  });
