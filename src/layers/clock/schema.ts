import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { IntlTimeSchema } from '../../scene/schema/intl-time.js';
import { BASE_FIELDS } from '../../scene/schema/layer-fields.js';
import { TIME_TEXT } from '../../scene/schema/text-style.js';
import { TimeFormatSchema } from '../../scene/schema/time-format.js';

/** The time of day in a zone. */
export const ClockLayerSchema = z.strictObject({
  ...BASE_FIELDS,
  type: z.literal('clock'),
  format: TimeFormatSchema.default('HH:mm:ss'),
  intl: IntlTimeSchema.nullable()
    .default(null)
    .meta({ description: 'Formats the time according to a language, in place of `format`.' }),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be a time zone of the IANA list such as Europe/Paris, or UTC')
    .default('UTC'),
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

export type ClockLayer = z.infer<typeof ClockLayerSchema>;
