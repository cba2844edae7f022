import { z } from 'zod';
import { IdSchema, NameSchema, numberBetween } from '../scene/schema/values.js';

/** Live inputs: what is shown and heard while it is made somewhere else. */

const UrlSchema = (protocols: RegExp, description: string) =>
  z.url({ protocol: protocols }).max(2048).meta({ description });

const KeySchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,128}$/, 'must be 8 to 128 letters, digits, _ or -');

const PassphraseSchema = z.string().min(10).max(79);

const PageExtentSchema = z.int().min(16).max(3840);

const SourceTextSchema = z.string().max(65_536).default('');

/** Where an input comes from. */
export const InputContentSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('rtmp-push'),
      key: KeySchema.meta({ description: 'What a publisher must know.' }),
    }),
    z.strictObject({
      kind: z.literal('srt-listen'),
      port: z.int().min(1024).max(65_535).meta({ description: 'UDP port that is listened on.' }),
      passphrase: PassphraseSchema.nullable().default(null).meta({
        description: 'What a caller must know, 10 to 79 characters; null: nothing.',
      }),
    }),
    z.strictObject({ kind: z.literal('frames') }).meta({
      description: 'A program sends its pictures over /ws/frames/{input}.',
    }),
    z.strictObject({
      kind: z.literal('rtmp'),
      url: UrlSchema(/^rtmps?$/, 'rtmp:// or rtmps:// address that is played.'),
    }),
    z.strictObject({
      kind: z.literal('rtsp'),
      url: UrlSchema(/^rtsps?$/, 'rtsp:// or rtsps:// address, such as that of a camera.'),
    }),
    z.strictObject({
      kind: z.literal('srt'),
      url: UrlSchema(/^srt$/, 'srt:// address that is called.'),
    }),
    z.strictObject({
      kind: z.literal('hls'),
      url: UrlSchema(/^https?$/, 'Address of an HLS playlist.'),
    }),
    z.strictObject({
      kind: z.literal('http-ts'),
      url: UrlSchema(/^https?$/, 'Address of MPEG-TS, FLV or MJPEG that is sent without end.'),
    }),
    z.strictObject({
      kind: z.literal('web'),
      url: UrlSchema(/^https?$/, 'Address of a web page.'),
      width: PageExtentSchema.default(1280),
      height: PageExtentSchema.default(720),
      fps: z.int().min(1).max(60).default(30).meta({
        description: 'Most pictures per second. A page that does not change sends none.',
      }),
      transparent: z.boolean().default(true).meta({
        description:
          'Whether the background of the page is transparent, unless the page sets one; false: white.',
      }),
      zoom: numberBetween(0.25, 4).default(1),
      css: SourceTextSchema.meta({ description: 'CSS that is added to the page.' }),
      js: SourceTextSchema.meta({
        description: 'JavaScript that runs before the scripts of the page.',
      }),
      cookies: z.boolean().default(false).meta({
        description: 'Whether cookies and stored data survive a reload of the page.',
      }),
    }),
  ])
  .meta({ id: 'InputContent' });

export const LatencySchema = numberBetween(50, 4000).meta({
  description:
    'How long after it has arrived a picture or a sample is shown or heard, in milliseconds: how late others may be. The latency that memory allows for large pictures is reported as `status.latencyMs`.',
});

/** A live input. */
export const InputSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema,
    content: InputContentSchema,
    latencyMs: LatencySchema.default(300),
    isKeptOpen: z.boolean().default(false).meta({
      description:
        'Whether the input is received and decoded although no scene on air or in preview shows it and no audio source plays it, so that it is there at once.',
    }),
    createdAtMs: numberBetween(0, Number.MAX_SAFE_INTEGER),
  })
  .meta({ id: 'Input' });
export type Input = z.infer<typeof InputSchema>;
