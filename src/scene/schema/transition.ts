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
      .meta({ description: 'Delay before the values start to change, in milliseconds.' }),
  })
  .meta({
    id: 'Transition',
    description:
      'Numbers, points and colours change gradually from the values currently on air to the new ones; all other fields change immediately.',
    example: { durationMs: 400, easing: 'ease-out-cubic' },
  });
export type Transition = z.infer<typeof TransitionSchema>;
