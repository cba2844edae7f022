import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../limits.js';
import { TEXT_BLOCK } from '../text-style.js';
import { numberBetween } from '../values.js';
import { BASE_FIELDS } from './base.js';

const TIME_FORMAT = z.string().max(200).meta({
  description:
    'HH, H, hh, h, mm, m, ss, s, cc (hundredths), SSS (thousandths), A, YYYY, MM, DD, D (days); literal text in [brackets]. In a countdown or timer the largest unit takes all that is above it.',
  example: 'HH:mm:ss',
});

/** The time of day in a zone. */
export const ClockLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('clock'),
  format: TIME_FORMAT.default('HH:mm:ss'),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be a time zone of the IANA list such as Europe/Paris, or UTC')
    .default('UTC'),
  ...TEXT_BLOCK,
});

/** What is left until a moment. */
export const CountdownLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('countdown'),
  to: z.iso
    .datetime({ offset: true })
    .meta({ description: 'The moment it reaches zero, where it stays.' }),
  format: TIME_FORMAT.default('HH:mm:ss'),
  ...TEXT_BLOCK,
});

/** How long the scene has been on air. */
export const TimerLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('timer'),
  format: TIME_FORMAT.default('HH:mm:ss'),
  offsetMs: numberBetween(-LIMITS.timerOffsetMs, LIMITS.timerOffsetMs)
    .default(0)
    .meta({ description: 'What it shows when the scene goes on air.' }),
  ...TEXT_BLOCK,
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
