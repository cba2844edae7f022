import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { TIME_TEXT } from '../../scene/schema/text-style.js';
import { TimeFormatSchema } from '../../scene/schema/time-format.js';
import { numberBetween } from '../../scene/schema/values.js';

/** How long the scene has been on air. */
export const TimerLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('timer'),
  format: TimeFormatSchema.default('HH:mm:ss'),
  offsetMs: numberBetween(-LIMITS.timerOffsetMs, LIMITS.timerOffsetMs).default(0).meta({
    description: 'Time that the timer shows when the scene goes on air, in milliseconds.',
  }),
  ...TIME_TEXT,
});

export type TimerLayer = z.infer<typeof TimerLayerSchema>;
