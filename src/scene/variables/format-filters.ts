import { z } from 'zod';
import { ExpressionError } from './expression.js';
import {
  DateOptionsSchema,
  ListOptionsSchema,
  MomentSchema,
  NumberOptionsSchema,
  PluralFormsSchema,
  PluralOptionsSchema,
  RelativeOptionsSchema,
  TimeUnitSchema,
} from './filter-options.js';
import type { JsonValue } from './json-value.js';

/** Makes another value of one. @throws ExpressionError when it cannot */
export type Filter = (value: JsonValue) => JsonValue;

/**
 * Prepares a filter for a language. The arguments are as they are written.
 * @throws ZodError, RangeError, ExpressionError for arguments that it does not take
 */
export type MakeFilter = (args: readonly JsonValue[], locale: string) => Filter;

type NumberOptions = z.infer<typeof NumberOptionsSchema>;

/** The formats of `Intl`, by the names they have in texts. */
export const FORMAT_FILTERS: Readonly<Record<string, MakeFilter>> = {
  number: ([options], locale) => numberFilter(options, locale, {}),
  compact: ([options], locale) => numberFilter(options, locale, { notation: 'compact' }),
  percent: ([options], locale) => numberFilter(options, locale, { style: 'percent' }),
  currency: ([currency, options], locale) =>
    numberFilter(options, locale, { style: 'currency', currency: z.string().parse(currency) }),
  unit: ([unit, options], locale) =>
    numberFilter(options, locale, { style: 'unit', unit: z.string().parse(unit) }),
  date: ([options = { dateStyle: 'medium' }], locale) => {
    const chosen = DateOptionsSchema.parse(options);
    const format = new Intl.DateTimeFormat(chosen.locale ?? locale, { timeZone: 'UTC', ...chosen });
    return (value) => format.format(toMoment(value));
  },
  relative: ([unit, options = {}], locale) => {
    const { style = 'long', ...chosen } = RelativeOptionsSchema.parse(options);
    const name = TimeUnitSchema.parse(unit);
    const format = new Intl.RelativeTimeFormat(chosen.locale ?? locale, { style, ...chosen });
    return (value) => format.format(toNumber(value), name);
  },
  list: ([options = {}], locale) => {
    const chosen = ListOptionsSchema.parse(options);
    const format = new Intl.ListFormat(chosen.locale ?? locale, chosen);
    return (value) => format.format(toList(value).map(toText));
  },
  plural: ([forms, options = {}], locale) => {
    const chosen = PluralOptionsSchema.parse(options);
    const language = chosen.locale ?? locale;
    const texts = new Map(Object.entries(PluralFormsSchema.parse(forms)));
    const rules = new Intl.PluralRules(language, chosen);
    const numbers = new Intl.NumberFormat(language);
    return (value) => {
      const number = toNumber(value);
      const form = texts.get(`=${number}`) ?? texts.get(rules.select(number)) ?? texts.get('other');
      return (form ?? '').replaceAll('#', () => numbers.format(number));
    };
  },
};

function numberFilter(
  options: JsonValue | undefined,
  locale: string,
  fixed: Intl.NumberFormatOptions,
): Filter {
  const chosen: NumberOptions = NumberOptionsSchema.parse(options ?? {});
  const format = new Intl.NumberFormat(chosen.locale ?? locale, { ...fixed, ...chosen });
  return (value) => format.format(toNumber(value));
}

/** A value as people read it where nothing formats it: numbers and texts as they are, nothing as an empty text. */
export function toText(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @throws ExpressionError when a value is no list */
export function toList(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value.map((item: JsonValue) => item);
  throw new ExpressionError(`${JSON.stringify(value)} is not a list`);
}

function toNumber(value: JsonValue): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new ExpressionError(`${JSON.stringify(value)} is not a number`);
}

/** Furthest moment that a date of ECMAScript can be, in milliseconds from 1970. */
const FURTHEST_MS = 8.64e15;

/** Wall-clock milliseconds, or a moment in ISO 8601 that says its offset. */
function toMoment(value: JsonValue): number {
  const text = MomentSchema.safeParse(value);
  const moment = text.success ? Date.parse(text.data) : value;
  if (typeof moment === 'number' && Math.abs(moment) <= FURTHEST_MS) return moment;
  throw new ExpressionError(
    `${JSON.stringify(value)} is not a point in time: use milliseconds, a date, or a time with its offset such as 2026-05-04T18:00:00Z`,
  );
}
