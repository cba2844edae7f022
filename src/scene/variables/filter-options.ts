import { z } from 'zod';
import { LocaleSchema } from '../schema/values.js';

const LOCALE = { locale: LocaleSchema.optional() };
const Digits = z.int().min(0).max(20).optional();
const NumberWidth = z.enum(['numeric', '2-digit']).optional();
const TextWidth = z.enum(['long', 'short', 'narrow']).optional();
const Style = z.enum(['full', 'long', 'medium', 'short']).optional();

/** Options of https://tc39.es/ecma402/#numberformat-objects that filters take. */
export const NumberOptionsSchema = z.strictObject({
  ...LOCALE,
  minimumIntegerDigits: z.int().min(1).max(21).optional(),
  minimumFractionDigits: Digits,
  maximumFractionDigits: Digits,
  minimumSignificantDigits: z.int().min(1).max(21).optional(),
  maximumSignificantDigits: z.int().min(1).max(21).optional(),
  useGrouping: z.boolean().optional(),
  signDisplay: z.enum(['auto', 'never', 'always', 'exceptZero']).optional(),
  notation: z.enum(['standard', 'scientific', 'engineering', 'compact']).optional(),
  compactDisplay: z.enum(['short', 'long']).optional(),
  currencyDisplay: z.enum(['symbol', 'narrowSymbol', 'code', 'name']).optional(),
  unitDisplay: TextWidth,
});

/** Options of https://tc39.es/ecma402/#datetimeformat-objects that filters take. */
export const DateOptionsSchema = z.strictObject({
  ...LOCALE,
  timeZone: z.string().max(64).optional(),
  dateStyle: Style,
  timeStyle: Style,
  weekday: TextWidth,
  year: NumberWidth,
  month: z.enum(['numeric', '2-digit', 'long', 'short', 'narrow']).optional(),
  day: NumberWidth,
  hour: NumberWidth,
  minute: NumberWidth,
  second: NumberWidth,
  hour12: z.boolean().optional(),
  timeZoneName: z.enum(['short', 'long']).optional(),
});

/** Options of relative times, of lists and of plurals. */
export const RelativeOptionsSchema = z.strictObject({
  ...LOCALE,
  numeric: z.enum(['always', 'auto']).default('auto'),
  style: TextWidth,
});
export const ListOptionsSchema = z.strictObject({
  ...LOCALE,
  type: z.enum(['conjunction', 'disjunction', 'unit']).optional(),
  style: TextWidth,
});
export const PluralOptionsSchema = z.strictObject({
  ...LOCALE,
  type: z.enum(['cardinal', 'ordinal']).optional(),
});

/** Texts by plural category, or by number as `=0`; `#` in them is the number. */
export const PluralFormsSchema = z
  .record(z.string().regex(/^(zero|one|two|few|many|other|=\d{1,6})$/), z.string().max(500))
  .refine((forms) => 'other' in forms, 'must have a form "other"');

/** Units that relative times count in. */
export const TimeUnitSchema = z.enum([
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
]);

/** A moment of ISO 8601 that does not depend on where it is read. */
export const MomentSchema = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
