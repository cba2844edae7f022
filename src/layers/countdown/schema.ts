import { z } from 'zod';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { TIME_TEXT } from '../../scene/schema/text-style.js';
import { FinishedTextSchema, TimeFormatSchema } from '../../scene/schema/time-format.js';

/** What is left until a moment. */
export const CountdownLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('countdown'),
  to: z.iso
    .datetime({ offset: true })
    .meta({ description: 'Time at which the countdown reaches zero.' }),
  format: TimeFormatSchema.default('HH:mm:ss'),
  onEnd: z.enum(['hold', 'hide', 'countUp']).default('hold').meta({
    description:
      'What is shown after the countdown has reached zero. hold: zero or `finishedText`. hide: nothing. countUp: the time elapsed since then.',
  }),
  finishedText: FinishedTextSchema,
  ...TIME_TEXT,
});

export type CountdownLayer = z.infer<typeof CountdownLayerSchema>;
