import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { SCENE_LIMITS as LIMITS } from '../../limits.js';
import { IntlTimeSchema } from '../intl-time.js';
import { TIME_TEXT } from '../text-style.js';
import { numberBetween, TextSchema } from '../values.js';
import { BASE_FIELDS } from './base.js';

/** A pattern for a time of day or a duration. */
export const TimeFormatSchema = z.string().max(200).meta({
  description:
    'HH, H, hh, h, mm, m, ss, s, S (tenths), SS or cc (hundredths), SSS (thousandths), A, YYYY, MM, DD, D (days); words in [brackets]; any other letter is refused. In what shows a duration the largest unit takes all that is above it.',
  example: 'HH:mm:ss',
});

/** What is shown in place of zero, once it is reached. */
export const FinishedTextSchema = TextSchema.nullable().default(null).meta({
  description: 'Shown in place of zero once that is reached; null: zero stays.',
});

/** The time of day in a zone. */
export const ClockLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('clock'),
  format: TimeFormatSchema.default('HH:mm:ss'),
  intl: IntlTimeSchema.nullable()
    .default(null)
    .meta({ description: 'Writes the moment as a language does, in place of `format`.' }),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be a time zone of the IANA list such as Europe/Paris, or UTC')
    .default('UTC'),
  ...TIME_TEXT,
});

/** What is left until a moment. */
export const CountdownLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('countdown'),
  to: z.iso.datetime({ offset: true }).meta({ description: 'The moment it reaches zero.' }),
  format: TimeFormatSchema.default('HH:mm:ss'),
  onEnd: z.enum(['hold', 'hide', 'countUp']).default('hold').meta({
    description: 'Then it shows zero or `finishedText`, or nothing, or how long ago it was.',
  }),
  finishedText: FinishedTextSchema,
  ...TIME_TEXT,
});

/** How long the scene has been on air. */
export const TimerLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('timer'),
  format: TimeFormatSchema.default('HH:mm:ss'),
  offsetMs: numberBetween(-LIMITS.timerOffsetMs, LIMITS.timerOffsetMs)
    .default(0)
    .meta({ description: 'What it shows when the scene goes on air.' }),
  ...TIME_TEXT,
});

/** Names that Intl has been asked for: there are some 600, in letters of any case. */
const KNOWN_ZONES = 2000;
const zones = new LRUCache<string, boolean>({ max: KNOWN_ZONES });

/** Intl is asked once for each name: making a format takes it some hundred microseconds. */
function isTimeZone(name: string): boolean {
  const key = name.toLowerCase();
  const known = zones.get(key) ?? isKnownToIntl(name);
  zones.set(key, known);
  return known;
}

function isKnownToIntl(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
