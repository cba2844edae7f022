import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { FITS } from '../picture-fit.js';
import { numberBetween } from './values.js';

export const LoopSchema = z.union([z.boolean(), z.int().min(1).max(1_000_000)]);

/** How what moves by itself is played, in every kind that shows such things. */
export const PLAYBACK_FIELDS = {
  speed: numberBetween(-LIMITS.playbackSpeed, LIMITS.playbackSpeed).default(1).meta({
    description:
      'Playback speed as a multiple of the original; 0 pauses, negative values play backwards.',
  }),
  startMs: numberBetween(0, LIMITS.animationMs).default(0).meta({
    description:
      'Scene time at which playback starts, in milliseconds. The first frame is shown before.',
  }),
};

/** How a picture is brought into a box that is not shaped like it. */
export const FIT_FIELDS = {
  fit: z.enum(FITS).default('fill').meta({
    description:
      'How the picture is fitted into the box, as object-fit in CSS: fill stretches it, contain shows all of it, cover fills the box, none keeps its size.',
  }),
  focus: z
    .strictObject({
      x: numberBetween(0, 1).default(0.5),
      y: numberBetween(0, 1).default(0.5),
    })
    .prefault({})
    .meta({
      description:
        'Alignment of the picture in its box as fractions, as object-position in CSS: 0,0 aligns the top left corners, 1,1 the bottom right corners.',
    }),
};
