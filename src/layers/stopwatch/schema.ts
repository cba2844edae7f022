import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../scene/limits.js';
import { TIME_TEXT } from '../../scene/schema/text-style.js';
import { MomentMsSchema, numberBetween } from '../../scene/schema/values.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { FinishedTextSchema, TimeFormatSchema } from '../../scene/schema/time-format.js';

const DurationMsSchema = numberBetween(0, LIMITS.timerOffsetMs);

/** A clock that is started, paused and set back by operations; it goes on where it was after a restart. */
export const StopwatchLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('stopwatch'),
  format: TimeFormatSchema.default('mm:ss.cc'),
  countdownFromMs: DurationMsSchema.nullable().default(null).meta({
    description:
      'Shows the remaining part of this duration, like a game clock, in milliseconds. Null: counts up.',
  }),
  finishedText: FinishedTextSchema,
  show: z.enum(['total', 'lap']).default('total').meta({
    description: 'Whether the total time or the time since the last lap is shown.',
  }),
  startedAtMs: MomentMsSchema.nullable().default(null).meta({
    description:
      'Time at which the stopwatch was started, in milliseconds since 1970; null: it is stopped.',
  }),
  elapsedMs: DurationMsSchema.default(0).meta({
    description: 'Time counted before `startedAtMs`, in milliseconds.',
  }),
  laps: z.array(DurationMsSchema).max(LIMITS.laps).default([]).meta({
    description: 'Total time at the end of each lap, in milliseconds, oldest first.',
  }),
  ...TIME_TEXT,
});
export type StopwatchLayer = z.infer<typeof StopwatchLayerSchema>;
