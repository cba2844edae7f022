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
    description: 'Shows what is left of so many milliseconds, as the clock of a game does.',
  }),
  finishedText: FinishedTextSchema,
  show: z.enum(['total', 'lap']).default('total').meta({
    description: 'The whole time, or that since the last lap.',
  }),
  startedAtMs: MomentMsSchema.nullable().default(null).meta({
    description: 'The moment since which it runs, milliseconds since 1970; null: it stands.',
  }),
  elapsedMs: DurationMsSchema.default(0).meta({
    description: 'What it had counted before that moment, milliseconds.',
  }),
  laps: z.array(DurationMsSchema).max(LIMITS.laps).default([]).meta({
    description: 'What it had counted at the end of each lap, milliseconds, oldest first.',
  }),
  ...TIME_TEXT,
});
export type StopwatchLayer = z.infer<typeof StopwatchLayerSchema>;
