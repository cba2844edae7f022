import { z } from 'zod';
import { IdSchema, NameSchema, numberBetween } from '../schema/values.js';
import { DuckingSchema } from './ducking.js';
import { SOUND_LIMITS } from './limits.js';
import { LevelRampSchema } from './ramp-schema.js';

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
  })
  .meta({ id: 'SoundStrip' });
export type Strip = z.infer<typeof StripSchema>;

/** The strip of the master, and what is watched behind it. */
export const MasterSchema = z
  .strictObject({
    ...StripSchema.shape,
    silenceAlarmSeconds: numberBetween(1, 3600).nullable().default(10).meta({
      description:
        'Seconds of silence (below -70 dBFS) after which the event audio.silent is sent; null: never. Counted while the mix has at least one source.',
    }),
  })
  .meta({ id: 'SoundMaster' });

/** A sine. */
const ToneSchema = z.strictObject({
  kind: z.literal('tone'),
  frequencyHz: numberBetween(10, 20_000).default(1000),
});

/** Random samples. */
const NoiseSchema = z.strictObject({
  kind: z.literal('noise'),
  color: z.enum(['white', 'pink']).default('pink'),
});

/** Nothing, for a place that is filled later. */
const SilenceSchema = z.strictObject({ kind: z.literal('silence') });

/** What somebody sends over /ws/audio/{source}. */
const PushSchema = z.strictObject({
  kind: z.literal('push'),
  latencyMs: numberBetween(20, 10_000).default(200).meta({
    description:
      'Target latency from the arrival of a sample to its frame in milliseconds: how late the sender may be without an underrun.',
  }),
});

/** What makes the samples of a source. */
export const SoundContentSchema = z
  .discriminatedUnion('kind', [ToneSchema, NoiseSchema, SilenceSchema, PushSchema])
  .meta({ id: 'SoundContent', example: { kind: 'tone', frequencyHz: 440 } });
export type SoundContent = z.infer<typeof SoundContentSchema>;

export const SoundSourceSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema.default(''),
    content: SoundContentSchema,
    bus: IdSchema.nullable()
      .default(null)
      .meta({ description: 'Bus that the source is mixed into; null: the master.' }),
    solo: z.boolean().default(false).meta({
      description: 'While at least one source is soloed, only soloed sources are audible.',
    }),
    strip: StripSchema.prefault({}),
  })
  .meta({ id: 'SoundSource' });
export type SoundSource = z.infer<typeof SoundSourceSchema>;

export const SoundBusSchema = z
  .strictObject({ id: IdSchema, name: NameSchema.default(''), strip: StripSchema.prefault({}) })
  .meta({ id: 'SoundBus' });
export type SoundBus = z.infer<typeof SoundBusSchema>;

/** What is heard, and how its levels get to where they are put. */
export const SoundSchema = z.strictObject({
  sources: z.array(SoundSourceSchema).max(SOUND_LIMITS.sources).default([]),
  buses: z
    .array(SoundBusSchema)
    .max(SOUND_LIMITS.buses)
    .default(() =>
      ['music', 'voice', 'effects', 'inputs'].map((id) => SoundBusSchema.parse({ id })),
    ),
  master: MasterSchema.prefault({}),
  ducking: z.array(DuckingSchema).max(SOUND_LIMITS.duckingRules).default([]),
  /** By the key of the strip (see `stripKey`): levels that are on their way. */
  ramps: z.record(z.string(), LevelRampSchema).default({}),
});
export type Sound = z.infer<typeof SoundSchema>;
