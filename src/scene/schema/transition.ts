import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import { EasingSchema, numberBetween } from './values.js';

/** How values get from where they are on air to where a change puts them. */
export const TransitionSchema = z
  .strictObject({
    durationMs: numberBetween(0, LIMITS.transitionMs).default(300),
    easing: EasingSchema.default('ease-in-out'),
    delayMs: numberBetween(0, LIMITS.transitionMs)
      .default(0)
      .meta({ description: 'How long they stay where they are before.' }),
  })
  .meta({
    id: 'Transition',
    description:
      'Numbers, points and colours move to their new values from where they are on air; everything else changes at once.',
    example: { durationMs: 400, easing: 'ease-out-cubic' },
  });
export type Transition = z.infer<typeof TransitionSchema>;
