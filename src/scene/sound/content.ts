import { z } from 'zod';
import { IdSchema, numberBetween } from '../schema/values.js';
import { SOUND_LIMITS } from './limits.js';

/** What the samples of sources and clips are made from. */

const LONGEST_MS = 7 * 24 * 3600 * 1000;

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

const AssetId = IdSchema.meta({ description: 'Id of an audio asset.' });

const SoundUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .meta({ description: 'Address of an audio file, http or https.' });

const IN_AND_OUT = {
  inMs: numberBetween(0, LONGEST_MS).default(0).meta({
    description: 'Where in the file playback begins, in milliseconds from its beginning.',
  }),
  outMs: numberBetween(1, LONGEST_MS).nullable().default(null).meta({
    description:
      'Where in the file playback ends, in milliseconds, which is after `inMs`; null: at its end.',
  }),
} as const;

const LOOP = z.boolean().default(false).meta({
  description: 'Whether playback goes on at `inMs` without a gap when it has reached the end.',
});

const FileSchema = z.strictObject({
  kind: z.literal('file'),
  asset: AssetId,
  ...IN_AND_OUT,
  loop: LOOP,
});

const UrlSchema = z.strictObject({
  kind: z.literal('url'),
  url: SoundUrl,
  ...IN_AND_OUT,
  loop: LOOP,
});

/** An internet radio, or any other sound that is sent as it is made. */
const StreamSchema = z.strictObject({
  kind: z.literal('stream'),
  url: SoundUrl.meta({ description: 'Address of an internet radio or another live audio stream.' }),
  bufferMs: numberBetween(200, 2000).default(1000).meta({
    description:
      'How much is buffered before playback begins, in milliseconds. The clock of the sender is followed by resampling.',
  }),
});

/** The sound of a live input. */
const InputSchema = z.strictObject({
  kind: z.literal('input'),
  input: IdSchema.meta({
    description: 'Id of the live input; its sound stays in time with its pictures.',
  }),
});

const EntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), asset: AssetId, ...IN_AND_OUT }),
  z.strictObject({ kind: z.literal('url'), url: SoundUrl, ...IN_AND_OUT }),
]);
export type PlaylistEntry = z.infer<typeof EntrySchema>;

const PlaylistSchema = z.strictObject({
  kind: z.literal('playlist'),
  entries: z.array(EntrySchema).min(1).max(SOUND_LIMITS.playlistEntries),
  order: z.enum(['listed', 'shuffled']).default('listed').meta({
    description:
      'listed: as they stand; shuffled: in a random order that is another one in every round, each entry once a round.',
  }),
  repeat: z.boolean().default(true).meta({
    description: 'Whether the playlist begins again after its last entry.',
  }),
  crossfadeMs: numberBetween(0, SOUND_LIMITS.crossfadeMs).default(0).meta({
    description:
      'How long the end of an entry and the beginning of the next overlap, in milliseconds, at equal power. 0: one follows the other without a gap.',
  }),
  variable: z
    .string()
    .max(64)
    .regex(/^[A-Za-z_]\w*$/)
    .nullable()
    .default(null)
    .meta({
      description:
        'Variable that is set to what is playing, for texts: an object with title, artist, album and entry. Null: none.',
    }),
});

/** What makes the samples of a source. */
export const SoundContentSchema = z
  .discriminatedUnion('kind', [
    ToneSchema,
    NoiseSchema,
    SilenceSchema,
    PushSchema,
    FileSchema,
    UrlSchema,
    StreamSchema,
    InputSchema,
    PlaylistSchema,
  ])
  .meta({ id: 'SoundContent', example: { kind: 'tone', frequencyHz: 440 } });
export type SoundContent = z.infer<typeof SoundContentSchema>;

/** A content of a kind. */
export type ContentOf<K extends SoundContent['kind']> = Extract<SoundContent, { kind: K }>;

/** What a clip plays. */
export const ClipContentSchema = z
  .discriminatedUnion('kind', [FileSchema, UrlSchema])
  .meta({ id: 'SoundClipContent', example: { kind: 'file', asset: 'horn' } });
export type ClipContent = z.infer<typeof ClipContentSchema>;

/** Whether playback of a content has a position: whether it can be paused. */
export function isPlayback(
  content: SoundContent,
): content is ContentOf<'file' | 'url' | 'stream' | 'playlist'> {
  return ['file', 'url', 'stream', 'playlist'].includes(content.kind);
}
