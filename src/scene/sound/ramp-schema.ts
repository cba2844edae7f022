import { z } from 'zod';
import { EasingSchema, numberBetween } from '../schema/values.js';
import { SCENE_LIMITS } from '../limits.js';

/** How a level gets from where it was to where its strip has it. */
export const LevelRampSchema = z.strictObject({
  /** Amplitude that it starts from. */
  from: z.number().min(0),
  /** Program time at which it starts, after its delay, milliseconds since 1970. */
  startMs: z.number(),
  durationMs: numberBetween(0, SCENE_LIMITS.transitionMs),
  easing: EasingSchema,
});
export type LevelRamp = z.infer<typeof LevelRampSchema>;
