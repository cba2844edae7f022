import { z } from 'zod';

const NUMERIC = z.enum(['numeric', '2-digit']).optional();
const NAME_LENGTH = z.enum(['narrow', 'short', 'long']).optional();
const STYLE = z.enum(['full', 'long', 'medium', 'short']).optional();

const FIELDS = z.strictObject({
  locale: z
    .string()
    .max(64)
    .refine(isLocale, 'must be a language tag such as en, de-CH or ar-EG')
    .default('en')
    .meta({ description: 'A language tag (BCP 47).', example: 'de-CH' }),
  dateStyle: STYLE,
  timeStyle: STYLE,
  weekday: NAME_LENGTH,
  era: NAME_LENGTH,
  year: NUMERIC,
  month: z.enum(['numeric', '2-digit', 'narrow', 'short', 'long']).optional(),
  day: NUMERIC,
  dayPeriod: NAME_LENGTH,
  hour: NUMERIC,
  minute: NUMERIC,
  second: NUMERIC,
  fractionalSecondDigits: z.literal([1, 2, 3]).optional(),
  hour12: z.boolean().optional(),
  hourCycle: z.enum(['h11', 'h12', 'h23', 'h24']).optional(),
  timeZoneName: z
    .enum(['short', 'long', 'shortOffset', 'longOffset', 'shortGeneric', 'longGeneric'])
    .optional(),
  calendar: z.string().max(64).optional(),
  numberingSystem: z.string().max(64).optional(),
});

/** How a moment is written in a language: the options of Intl.DateTimeFormat (ECMA-402), and its locale. */
export const IntlTimeSchema = FIELDS.refine(
  (options) => isFormat(options),
  'must be valid options of Intl.DateTimeFormat: dateStyle and timeStyle cannot be combined with single fields',
).meta({
  id: 'IntlTime',
  description:
    'Options of Intl.DateTimeFormat (ECMA-402). Without options, the date is shown in digits.',
  example: { locale: 'de-DE', dateStyle: 'full', timeStyle: 'medium' },
});
export type IntlTime = z.infer<typeof FIELDS>;

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** What dateStyle and timeStyle take the place of. */
const SINGLE_FIELDS = [
  ...(['weekday', 'era', 'year', 'month', 'day', 'dayPeriod'] as const),
  ...(['hour', 'minute', 'second', 'fractionalSecondDigits', 'timeZoneName'] as const),
];

/** A `type` of Unicode locale identifiers, as calendars and numbering systems are named. */
const UNICODE_TYPE = /^[a-z\d]{3,8}(?:-[a-z\d]{3,8})*$/i;

/**
 * Whether Intl.DateTimeFormat takes the options, by what ECMA-402 makes it throw for. It is not asked itself: making one takes
 * up to a millisecond, and a scene may have hundreds.
 */
function isFormat(options: IntlTime): boolean {
  const hasStyle = options.dateStyle !== undefined || options.timeStyle !== undefined;
  if (hasStyle && SINGLE_FIELDS.some((field) => options[field] !== undefined)) return false;
  return [options.calendar, options.numberingSystem].every(
    (name) => name === undefined || UNICODE_TYPE.test(name),
  );
}
