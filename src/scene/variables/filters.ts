import { z } from 'zod';
import { ExpressionError } from './expression.js';
import { type Filter, FORMAT_FILTERS, type MakeFilter, toList, toText } from './format-filters.js';
import type { JsonValue } from './json-value.js';

/** Longest text that `pad` makes. */
const PadSchema = z.int().min(0).max(100);
const LengthSchema = z.int().min(1).max(4096);
const TextSchema = z.string().max(100);

const TEXT_FILTERS: Readonly<Record<string, MakeFilter>> = {
  upper: (_, locale) => (value) => toText(value).toLocaleUpperCase(locale),
  lower: (_, locale) => (value) => toText(value).toLocaleLowerCase(locale),
  trim: () => (value) => toText(value).trim(),
  pad: ([length, filler = '0']) => {
    const [count, sign] = [PadSchema.parse(length), TextSchema.parse(filler)];
    return (value) => toText(value).padStart(count, sign);
  },
  truncate: ([length, end = '…']) => {
    const [count, mark] = [LengthSchema.parse(length), TextSchema.parse(end)];
    return (value) => truncated(toText(value), count, mark);
  },
  join: ([separator = ', ']) => {
    const between = TextSchema.parse(separator);
    return (value) => toList(value).map(toText).join(between);
  },
};

const FILTERS = new Map([...Object.entries(FORMAT_FILTERS), ...Object.entries(TEXT_FILTERS)]);

/**
 * A filter, prepared for a language (BCP 47). A missing variable stays missing, except for `default`.
 * @throws ExpressionError when there is none of this name, or it does not take these arguments
 */
export function makeFilter(name: string, args: readonly JsonValue[], locale: string): Filter {
  if (name === 'default') {
    const [instead = ''] = args;
    return (value) => (value === null || value === '' ? instead : value);
  }
  const make = FILTERS.get(name);
  if (make === undefined) {
    throw new ExpressionError(
      `there is no filter ${name}; there are default, ${[...FILTERS.keys()].join(', ')}`,
    );
  }
  try {
    const filter = make(args, locale);
    return (value) => (value === null ? null : filter(value));
  } catch (error) {
    throw new ExpressionError(`${name}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => [...path, message].join(' ')).join(', ');
  }
  return error instanceof Error ? error.message : String(error);
}

/** A text of so many graphemes at the most, those of the mark at its end counted as one. */
function truncated(text: string, length: number, mark: string): string {
  const characters = [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => segment);
  if (characters.length <= length) return text;
  return `${characters
    .slice(0, length - 1)
    .join('')
    .trimEnd()}${mark}`;
}
