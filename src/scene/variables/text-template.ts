import { SCENE_LIMITS, VARIABLE_LIMITS } from '../limits.js';
import { type Expression, ExpressionError, parseExpression, parseLiterals } from './expression.js';
import { makeFilter } from './filters.js';
import { type Filter, toText } from './format-filters.js';
import { type JsonValue, valueAt, type Variables } from './json-value.js';

/** A filter as it is written, such as `currency:'EUR'`. */
type FilterCall = { readonly name: string; readonly args: readonly JsonValue[] };

type Placeholder = {
  readonly expression: Expression;
  readonly filters: readonly FilterCall[];
  /** Says that a missing variable is meant: it has a `default`. */
  readonly hasDefault: boolean;
};

/** A text with placeholders, parsed. */
export type TextTemplate = {
  readonly parts: readonly (string | Placeholder)[];
  /** Dotted paths of the variables that it shows. */
  readonly paths: readonly string[];
};

/** An expression that could not be evaluated, and why. */
export type TextProblem = {
  readonly kind: 'unknown-variable' | 'expression';
  /** As written. */
  readonly source: string;
  readonly message: string;
};

/**
 * Parses a text with `{{expression | filter:arguments}}`. `\{{` stands for `{{` itself.
 * @returns null when there is nothing to replace
 * @throws ExpressionError
 */
export function parseTextTemplate(text: string): TextTemplate | null {
  if (!text.includes('{{')) return null;
  const parts: (string | Placeholder)[] = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf('{{');
    if (start < 0) break;
    if (rest[start - 1] === '\\') {
      parts.push(`${rest.slice(0, start - 1)}{{`);
      rest = rest.slice(start + 2);
      continue;
    }
    const end = findEnd(rest, start + 2);
    if (end < 0) {
      throw new ExpressionError(
        `"${rest.slice(start, start + 30)}" is not closed; write \\{{ for the characters themselves`,
      );
    }
    parts.push(rest.slice(0, start), parsePlaceholder(rest.slice(start + 2, end)));
    rest = rest.slice(end + 2);
  }
  parts.push(rest);
  const placeholders = parts.filter((part) => typeof part !== 'string');
  if (placeholders.length > VARIABLE_LIMITS.placeholdersPerText)
    throw new ExpressionError(`has more than ${VARIABLE_LIMITS.placeholdersPerText} placeholders`);
  return {
    parts,
    paths: [...new Set(placeholders.flatMap(({ expression }) => expression.paths))],
  };
}

/** Substitutes values in a text. An expression that fails becomes an empty text and is reported to `onProblem`. */
export function renderText(
  template: TextTemplate,
  variables: Variables,
  locale: string,
  onProblem: (problem: TextProblem) => void,
): string {
  return template.parts
    .map((part) =>
      typeof part === 'string' ? part : renderPlaceholder(part, variables, locale, onProblem),
    )
    .join('')
    .slice(0, SCENE_LIMITS.textChars);
}

function renderPlaceholder(
  { expression, filters, hasDefault }: Placeholder,
  variables: Variables,
  locale: string,
  onProblem: (problem: TextProblem) => void,
): string {
  const { source, paths } = expression;
  const missing = paths.filter((path) => valueAt(variables, path) === undefined);
  let value: JsonValue = null;
  if (missing.length === 0 || expression.path === null) {
    try {
      value = expression.evaluate(variables);
    } catch (error) {
      if (missing.length === 0)
        onProblem({ kind: 'expression', source, message: messageOf(error) });
    }
  }
  if (value === null && missing.length > 0 && !hasDefault) {
    const message = `there is no variable ${missing.join(', ')}`;
    onProblem({ kind: 'unknown-variable', source, message });
  }
  try {
    for (const { name, args } of filters) value = filterFor(name, args, locale)(value);
    return toText(value);
  } catch (error) {
    onProblem({ kind: 'expression', source, message: messageOf(error) });
    return '';
  }
}

/** Formats are expensive to create, and their arguments are the same lists as long as the text does not change. */
const prepared = new WeakMap<readonly JsonValue[], Map<string, Filter>>();

function filterFor(name: string, args: readonly JsonValue[], locale: string): Filter {
  const byLocale = prepared.get(args) ?? new Map<string, Filter>();
  prepared.set(args, byLocale);
  const filter = byLocale.get(locale) ?? makeFilter(name, args, locale);
  byLocale.set(locale, filter);
  return filter;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parsePlaceholder(source: string): Placeholder {
  const [head = '', ...calls] = splitOutside(source, '|');
  const filters = calls.map(parseFilter);
  if (head.trim() === '') throw new ExpressionError('{{…}} must contain the name of a variable');
  return {
    expression: parseExpression(head.trim()),
    filters,
    hasDefault: filters.some(({ name }) => name === 'default'),
  };
}

function parseFilter(source: string): FilterCall {
  const [, name = '', rest = ''] = /^\s*([a-z]+)\s*(?::(.*))?$/s.exec(source) ?? [];
  if (name === '')
    throw new ExpressionError(`"${source.trim()}" is not a filter such as currency:'EUR'`);
  const args = parseLiterals(rest);
  // Created once for validation, so that invalid arguments are refused where they are written.
  makeFilter(name, args, 'en');
  return { name, args };
}

/** Where the `}}` of a placeholder is, from a place inside of it on; -1 when it has none. */
function findEnd(text: string, from: number): number {
  let depth = 0;
  for (const [at, sign] of signsOutsideQuotes(text, from)) {
    if (sign === '{') depth++;
    else if (sign === '}' && depth > 0) depth--;
    else if (sign === '}' && text[at + 1] === '}') return at;
  }
  return -1;
}

/** Splits at a character that is not doubled as in `||` and not in quotes. */
function splitOutside(text: string, separator: string): string[] {
  const places = [...signsOutsideQuotes(text, 0)].flatMap(([at, sign]) =>
    sign === separator && text[at - 1] !== separator && text[at + 1] !== separator ? [at] : [],
  );
  return [...places, text.length].map((end, i) =>
    text.slice(i === 0 ? 0 : (places[i - 1] ?? 0) + 1, end),
  );
}

function* signsOutsideQuotes(text: string, from: number): Generator<[at: number, sign: string]> {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (quote !== '') {
      if (sign === '\\') at++;
      else if (sign === quote) quote = '';
    } else if (sign === '"' || sign === "'") quote = sign;
    else yield [at, sign];
  }
}
