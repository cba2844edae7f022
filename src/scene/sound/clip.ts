import { z } from 'zod';
import { IdSchema, NameSchema, numberBetween } from '../schema/values.js';
import { ClipContentSchema } from './content.js';
import { SOUND_LIMITS } from './limits.js';

const MarkerSchema = z.strictObject({
  id: IdSchema,
  atMs: numberBetween(0, 24 * 3600 * 1000).meta({
    description: 'Position in the clip in milliseconds after its `inMs`.',
  }),
});

/** Something that is played once: a horn, a jingle. */
export const SoundClipSchema = z
  .strictObject({
    id: IdSchema,
    name: NameSchema.default(''),
    content: ClipContentSchema,
    bus: IdSchema.nullable().default('effects').meta({
      description: 'Bus that the clip is mixed into; null: the master.',
    }),
    gainDb: numberBetween(SOUND_LIMITS.minGainDb, SOUND_LIMITS.maxGainDb)
      .default(0)
      .meta({ description: `Gain in dB; ${SOUND_LIMITS.minGainDb} is silence.` }),
    pan: numberBetween(-1, 1).default(0).meta({
      description: 'Balance from -1 (left only) to 1 (right only).',
    }),
    policy: z.enum(['overlap', 'queue', 'replace']).default('overlap').meta({
      description:
        'overlap: it sounds with whatever else sounds; queue: it waits until the queued clips of its bus before it are over; replace: clips of its bus with the same or a lower priority end, and it begins.',
    }),
    priority: z.int().min(0).max(100).default(50).meta({
      description:
        'Of queued clips of a bus the one with the highest priority comes first. When too many sound at once, one with the lowest priority ends.',
    }),
    markers: z.array(MarkerSchema).max(SOUND_LIMITS.clipMarkers).default([]).meta({
      description: 'Positions whose frame is announced by the event `audio-clip.marker`.',
    }),
  })
  .meta({ id: 'SoundClip' });
export type SoundClip = z.infer<typeof SoundClipSchema>;
