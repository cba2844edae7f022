import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { MomentMsSchema, numberBetween } from './values.js';

/** Where operations have put a video, and whether it goes on from there: with the moment that is all that says what is shown. */
export const VideoTransportSchema = z
  .strictObject({
    paused: z.boolean().meta({ description: 'Whether the video stands still at this position.' }),
    positionMs: numberBetween(0, LIMITS.animationMs).meta({
      description: 'Position in the video file, in milliseconds.',
    }),
    run: z.int().min(0).max(LIMITS.videoRuns).default(0).meta({
      description: 'Number of repetitions that had been completed before.',
    }),
    atMs: MomentMsSchema.meta({
      description: 'Time at which the video was at this position, in milliseconds since 1970.',
    }),
    soughtAtMs: MomentMsSchema.nullable().default(null).meta({
      description:
        'Time of the last `video.seek` or `video.restart`, in milliseconds since 1970; null: there was none.',
    }),
    cued: z.boolean().default(false).meta({
      description:
        'True: the layer was not on air. The video begins at this position each time its scene goes on air, until the next operation. False: it applies until the scene goes on air again, where the video begins as usual; a paused video stays paused.',
    }),
  })
  .meta({ id: 'VideoTransport' });
export type VideoTransport = z.infer<typeof VideoTransportSchema>;
