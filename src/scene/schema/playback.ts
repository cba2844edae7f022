import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { FITS } from '../picture-fit.js';
import { numberBetween } from './values.js';

export const LoopSchema = z.union([z.boolean(), z.int().min(1).max(1_000_000)]);

/** How what moves by itself is played, in every kind that shows such things. */
export const PLAYBACK_FIELDS = {
  speed: numberBetween(-LIMITS.playbackSpeed, LIMITS.playbackSpeed).default(1).meta({
    description: 'Multiple of its own speed; 0 stands still, negative runs backwards.',
  }),
  startMs: numberBetween(0, LIMITS.animationMs).default(0).meta({
    description: 'Scene time at which it begins; before that it stands at its beginning.',
  }),
};

/** How a picture is brought into a box that is not shaped like it. */
export const FIT_FIELDS = {
  fit: z.enum(FITS).default('fill').meta({
    description:
      'As object-fit of CSS: stretched, whole inside of the box, filling the box, or as large as it is.',
  }),
  focus: z
    .strictObject({
      x: numberBetween(0, 1).default(0.5),
      y: numberBetween(0, 1).default(0.5),
    })
    .prefault({})
    .meta({
      description:
        'The point of the picture, as shares of its size, that is kept in sight when it does not fit; where the box is larger, how the rest is shared out.',
    }),
};
