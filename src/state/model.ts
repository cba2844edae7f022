import { COLOR_MATRICES } from '../scene/snapshot.js';
import { z } from 'zod';
import { SCENE_LIMITS } from '../scene/limits.js';
import { SoundSchema } from '../scene/sound/schema.js';
import { SceneTransitionSchema } from '../scene/schema/scene-transition.js';
import { SceneSchema } from '../scene/schema/scene.js';
import { IdSchema, NameSchema, numberBetween } from '../scene/schema/values.js';
import { InputSchema } from './input-schema.js';
import { BatchRecordSchema } from './batch-schema.js';
import { TemplateSchema } from '../scene/templates/template.js';
import { VariablesSchema } from '../scene/variables/schema.js';
import { RunningTransitionSchema } from '../scene/motion/running-transition-schema.js';
import { StageSchema } from '../scene/motion/stage-schema.js';

/** x264 presets from fastest to slowest, hardware encoders by FFmpeg's name, or `auto`: the best that this machine keeps up with. */
export const ENCODER_PRESETS = [
  'auto',
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'h264_nvenc',
  'h264_qsv',
  'h264_vaapi',
  'h264_videotoolbox',
] as const;

const EvenPx = z.int().min(128).max(4096).multipleOf(2);

export const StreamConfigSchema = z
  .strictObject({
    resolution: z.strictObject({ width: EvenPx, height: EvenPx }),
    fps: z
      .strictObject({ num: z.int().min(1).max(120_000), den: z.int().min(1).max(1001) })
      .refine(
        ({ num, den }) => num / den >= 1 && num / den <= 120,
        'must be between 1 and 120 frames per second',
      ),
    bitrate: z
      .int()
      .min(100_000)
      .max(100_000_000)
      .meta({ description: 'Video bitrate in bits per second.' }),
    preset: z.enum(ENCODER_PRESETS),
    audioBitrate: z
      .int()
      .min(96_000)
      .max(320_000)
      .default(160_000)
      .meta({ description: 'Audio bitrate (AAC-LC, 48 kHz) in bits per second.' }),
    audioChannels: z
      .literal([1, 2])
      .default(2)
      .meta({ description: '2: stereo; 1: mono, the mean of both channels.' }),
  })
  .meta({ id: 'StreamConfig' });
export type StreamConfig = z.infer<typeof StreamConfigSchema>;

/** Where the program is sent. `builtIn` is the service's own RTMP server. */
export const OutputSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema,
    kind: z.literal('rtmp'),
    url: z.string().max(2048),
    enabled: z.boolean(),
    builtIn: z.boolean(),
  })
  .meta({ id: 'Output' });
export type Output = z.infer<typeof OutputSchema>;

/** What an asset is, by its bytes. A picture, a drawing (`svg`) and an animated picture (`film`) are shown by image layers. */
export const ASSET_KINDS = ['picture', 'film', 'svg', 'lottie', 'video', 'font', 'audio'] as const;

export const FontInfoSchema = z.strictObject({
  family: z.string().min(1).max(100),
  weight: z.int().min(1).max(1000),
  style: z.enum(['normal', 'italic']),
});
export type FontInfo = z.infer<typeof FontInfoSchema>;

/** What is known of an audio asset. */
export const AudioInfoSchema = z.strictObject({
  durationMs: z.number().min(0).meta({ description: 'Duration in milliseconds.' }),
  samples: z.int().min(0).nullable().meta({
    description: 'Samples per channel at 48 kHz; null: the file is too long to be counted.',
  }),
  channels: z.int().min(1).max(64).nullable(),
  rateHz: z.number().min(1).nullable().meta({ description: 'Sample rate of the file in Hz.' }),
  codec: z.string().max(100).nullable(),
  title: z.string().max(300).nullable(),
  artist: z.string().max(300).nullable(),
  album: z.string().max(300).nullable(),
});
export type AudioInfo = z.infer<typeof AudioInfoSchema>;

/** What is known of a video asset. */
export const VideoInfoSchema = z.strictObject({
  durationMs: z.number().min(0).meta({ description: 'Duration of the pictures in milliseconds.' }),
  frameRate: z
    .strictObject({ num: z.int().min(1), den: z.int().min(1) })
    .meta({ description: 'Pictures per second as a fraction.' }),
  codec: z.string().max(100),
  hasAlpha: z.boolean(),
  matrix: z.enum(COLOR_MATRICES).meta({
    description: 'Colour matrix, as the video names it or as is usual for its size.',
  }),
});

const AssetHashSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const AssetSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema,
    state: z.enum(['pending', 'ready', 'failed']),
    source: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('upload') }),
      z.strictObject({ kind: z.literal('url'), url: z.string().max(2048) }),
    ]),
    /** SHA-256 of the content, in hex: the name of its file in the cache. Null until it is there. */
    contentHash: AssetHashSchema.nullable(),
    kind: z
      .enum(ASSET_KINDS)
      .default('picture')
      .meta({ description: 'Kind of the asset; an assumption until the content is available.' }),
    /** SHA-256 of what the service made of the content for its own use: frames, sizes, an unpacked font. */
    renditionHash: AssetHashSchema.nullable().default(null),
    animation: z
      .strictObject({
        frames: z.number().min(0).meta({
          description:
            'Number of frames that differ from the previous one; for Lottie animations, all frames.',
        }),
        durationMs: z.number().min(0).meta({ description: 'Duration of one run in milliseconds.' }),
        plays: z.int().min(0).meta({ description: 'Number of runs set in the file; 0: forever.' }),
        reducedTo: z
          .strictObject({ width: z.int().min(1), height: z.int().min(1) })
          .nullable()
          .default(null)
          .meta({
            description:
              'Size at which the frames of the animation are kept if they do not fit into memory at their original size. Shown larger, the animation is scaled up from this size. Null: the original size.',
          }),
      })
      .nullable()
      .default(null)
      .meta({
        description:
          'Playback data of an animated picture or a Lottie animation; null for other assets.',
      }),
    font: FontInfoSchema.nullable().default(null).meta({
      description:
        'Data of a font; null for other assets. Texts refer to the font in fontFamily as asset:<id of the asset>, or by its family name unless a bundled font has the same name.',
    }),
    audio: AudioInfoSchema.nullable().default(null).meta({
      description: 'Data of an audio file; null for other assets.',
    }),
    video: VideoInfoSchema.nullable().default(null).meta({
      description: 'Data of a video; null for other assets. `audio` has the data of its sound.',
    }),
    fontFamilies: z.array(z.string().max(200)).max(50).readonly().default([]).meta({
      description:
        'Font families used by the texts of an SVG or Lottie asset. When a font of such a family is uploaded or removed, the texts are laid out again.',
    }),
    notDrawn: z.array(z.string().max(300)).max(20).readonly().default([]).meta({
      description:
        'Human-readable list of features used by an SVG or Lottie asset that are not rendered although browsers or players render them.',
    }),
    mediaType: z.string().max(100).nullable(),
    bytes: z.int().min(0).nullable(),
    width: z.int().min(1).nullable(),
    height: z.int().min(1).nullable(),
    etag: z.string().max(1024).nullable(),
    /** Why it failed, for people. */
    error: z.string().max(2000).nullable(),
    createdAtMs: numberBetween(0, Number.MAX_SAFE_INTEGER),
  })
  .meta({ id: 'Asset' });
export type Asset = z.infer<typeof AssetSchema>;

/** How scenes give way to each other when nobody says how as one is activated. */
export const SceneTransitionsSchema = z
  .strictObject({
    default: SceneTransitionSchema,
    pairs: z
      .array(z.strictObject({ from: IdSchema, to: IdSchema, transition: SceneTransitionSchema }))
      .max(SCENE_LIMITS.transitionPairs)
      .meta({ description: 'Pairs of scenes with their own transition.' }),
  })
  .meta({ id: 'SceneTransitions' });
export type SceneTransitions = z.infer<typeof SceneTransitionsSchema>;

/** Version of the stored form below; a repository migrates older ones and refuses newer ones. */
export const STATE_VERSION = 1;

/** Everything that a restart brings back. */
export const ServiceStateSchema = z.strictObject({
  version: z.literal(STATE_VERSION),
  /** Counts the applied commands. */
  revision: z.int().min(0),
  config: StreamConfigSchema,
  scenes: z.array(SceneSchema),
  program: z.strictObject({
    /** The scene on air, or null for a black picture. */
    sceneId: IdSchema.nullable(),
    /** Program time at which it went on air: its scene time is counted from here, also over a restart. */
    takenAtMs: z.number(),
    /** How it came on air; what of it is over is taken out with the next change. Null: it is there. */
    transition: RunningTransitionSchema.nullable().default(null),
  }),
  /** By scene id: what of its past is still seen. */
  stages: z.record(IdSchema, StageSchema).default({}),
  transitions: SceneTransitionsSchema.default({ default: { type: 'cut' }, pairs: [] }),
  /** The scene that is got ready unseen, to be put on air by the next take. Null: none is. */
  preview: z
    .strictObject({
      sceneId: IdSchema,
      /** Program time at which it was loaded: its scene time in the preview is counted from here. */
      loadedAtMs: z.number(),
    })
    .nullable()
    .default(null),
  stream: z.strictObject({
    /** What the user wants; what is, the program says. */
    wanted: z.enum(['live', 'offline']),
    /** When `wanted` last became live. */
    startedAtMs: z.number().nullable(),
  }),
  outputs: z.array(OutputSchema),
  inputs: z.array(InputSchema).default([]),
  assets: z.array(AssetSchema),
  /** Those that wait, and the last that do not any more, in the order in which they came. */
  batches: z.array(BatchRecordSchema).default([]),
  /** Run-time values that the texts and bindings of all scenes use, by name. */
  variables: VariablesSchema.default({}),
  /** Those that users have made; the others come with the service. */
  templates: z.array(TemplateSchema).default([]),
  sound: SoundSchema.prefault({}),
});
export type ServiceState = z.infer<typeof ServiceStateSchema>;
