import { z } from 'zod';
import { IdSchema, NameSchema, numberBetween } from '../schema/values.js';
import { SoundClipSchema } from './clip.js';
import { SoundContentSchema } from './content.js';
import { DuckingSchema } from './ducking.js';
import { SOUND_LIMITS } from './limits.js';
import { LoudnessTargetSchema } from './loudness-target.js';
import { PlaybackSchema } from './playback.js';
import { PROCESSING_FIELDS } from './processing-schema.js';
import { LevelRampSchema } from './ramp-schema.js';
import { StripBindingsSchema } from './strip-bindings.js';

/** The documents of the sound: sources, buses and the master, each with a strip. */

/** How something is mixed. */
export const StripSchema = z
  .strictObject({
    gainDb: numberBetween(SOUND_LIMITS.minGainDb, SOUND_LIMITS.maxGainDb)
      .default(0)
      .meta({
        description: `Gain in dB; ${SOUND_LIMITS.minGainDb} is silence.`,
      }),
    muted: z.boolean().default(false),
    pan: numberBetween(-1, 1).default(0).meta({
      description: 'Balance from -1 (left only) to 1 (right only); 0 leaves both as they are.',
    }),
    polarity: z.enum(['normal', 'inverted']).default('normal'),
    bindings: StripBindingsSchema,
    ...PROCESSING_FIELDS,
  })
  .meta({ id: 'SoundStrip' });
export type Strip = z.infer<typeof StripSchema>;

/** The strip of the master, what steers its loudness, and what is watched behind it. */
export const SoundMasterSchema = z
  .strictObject({
    ...StripSchema.shape,
    loudness: LoudnessTargetSchema.nullable().default(null).meta({
      description:
        'Turns the mix slowly, by at most 3 dB in ten seconds, to a loudness, before gain, mute and balance of the master; null: does not. What is below -50 LUFS counts as silence, and changes nothing.',
    }),
    silenceAlarmSeconds: numberBetween(0, 3600).nullable().default(10).meta({
      description:
        'Seconds of silence (below -70 dBFS) after which the event audio.silent is sent; 0: never. Counted while the mix has at least one source.',
    }),
  })
  .meta({ id: 'SoundMaster' });

export const SoundSourceSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema.default(''),
    content: SoundContentSchema,
    bus: IdSchema.nullable()
      .default(null)
      .meta({ description: 'Bus that the source is mixed into; null: the master.' }),
    scope: z.enum(['auto', 'program', 'scenes']).default('auto').meta({
      description:
        'When the source is audible. program: whatever is on air. scenes: only while a scene on air names it in its `audio`. auto: as scenes if at least one scene names it, else as program.',
    }),
    solo: z.boolean().default(false).meta({
      description: 'While at least one source is soloed, only soloed sources are audible.',
    }),
    offsetMs: numberBetween(SOUND_LIMITS.minOffsetMs, SOUND_LIMITS.maxOffsetMs).default(0).meta({
      description:
        'Sync offset in milliseconds: how much later the source is heard. Below 0, earlier: only for content that can be read ahead (tone, noise, silence). What is pushed is also flushed this much later.',
    }),
    strip: StripSchema.prefault({}),
  })
  .meta({ id: 'SoundSource' });
export type SoundSource = z.infer<typeof SoundSourceSchema>;

export const SoundBusSchema = z
  .strictObject({ id: IdSchema, name: NameSchema.default(''), strip: StripSchema.prefault({}) })
  .meta({ id: 'SoundBus' });
export type SoundBus = z.infer<typeof SoundBusSchema>;

/** A clip that sounds or waits to. */
const RunningClipSchema = SoundClipSchema.extend({
  /** Its gain and balance as a strip. */
  strip: StripSchema,
  /** Program time at which it was asked for, milliseconds since 1970. */
  createdAtMs: z.number(),
  /** With which it has begun; null: it has not. */
  frame: z.int().nullable(),
  /** It fades out, and is over when it is silent. */
  isStopping: z.boolean(),
});
export type RunningClip = z.infer<typeof RunningClipSchema>;

/** What is heard, and how its levels get to where they are put. */
export const SoundSchema = z.strictObject({
  sources: z.array(SoundSourceSchema).max(SOUND_LIMITS.sources).default([]),
  buses: z
    .array(SoundBusSchema)
    .max(SOUND_LIMITS.buses)
    .default(() =>
      ['music', 'voice', 'effects', 'inputs'].map((id) => SoundBusSchema.parse({ id })),
    ),
  master: SoundMasterSchema.prefault({}),
  ducking: z.array(DuckingSchema).max(SOUND_LIMITS.duckingRules).default([]),
  /** By the key of the strip (see `stripKey`): levels that are on their way. */
  ramps: z.record(z.string(), LevelRampSchema).default({}),
  /** By the id of the source; of those whose playback has a position. */
  playback: z.record(z.string(), PlaybackSchema).default({}),
  /** In the order in which they were asked for; those that are over are gone. */
  clips: z.array(RunningClipSchema).max(SOUND_LIMITS.clips).default([]),
});
export type Sound = z.infer<typeof SoundSchema>;

/** A sound as it is heard: with the variables put in, and with what the scenes on air let through. */
export type AirSound = Sound & {
  /** By the id of the source: amplitude, on top of that of its strip. 1 where nothing is said. */
  readonly sceneLevels: Readonly<Record<string, number>>;
};
