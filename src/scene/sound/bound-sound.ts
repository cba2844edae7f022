import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { VARIABLE_LIMITS } from '../limits.js';
import { evaluate, quoted } from '../variables/evaluate.js';
import { type Expression, ExpressionError, parseExpression } from '../variables/expression.js';
import { type JsonValue, valueAt, type Variables } from '../variables/json-value.js';
import type { StripKey } from './levels.js';
import { type Sound, type Strip, StripSchema } from './schema.js';
import { BOUND_FIELDS, type BoundField } from './strip-bindings.js';

/** Puts variables into the strips of a sound. */

/** A field of a strip that could not be taken from the variables. */
export type StripProblem = {
  readonly strip: StripKey;
  readonly property: BoundField;
  readonly kind: 'unknown-variable' | 'expression' | 'value';
  /** The expression, as written. */
  readonly expression: string;
  /** For people. */
  readonly message: string;
};

type StripBinding = { readonly field: BoundField; readonly expression: Expression };

type StripExpressions = {
  readonly bindings: readonly StripBinding[];
  /** Expressions that cannot be used, by their fields. */
  readonly complaints: readonly { readonly field: BoundField; readonly message: string }[];
};

function parse(source: string): Expression | string {
  try {
    const expression = parseExpression(source);
    const { expressionStepsPerStrip: limit } = VARIABLE_LIMITS;
    return expression.steps <= limit
      ? expression
      : `could take ${Math.ceil(expression.steps)} steps; the limit for strips is ${limit}: use a variable that holds the result`;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}

/** Kept by strip, which never changes: each is parsed once. */
const knownExpressions = new WeakMap<Strip['bindings'], StripExpressions>();

/** Parses the expressions of a strip. */
export function stripExpressions({ bindings }: Pick<Strip, 'bindings'>): StripExpressions {
  const known = knownExpressions.get(bindings);
  if (known !== undefined) return known;
  const parsed = BOUND_FIELDS.flatMap((field) => {
    const source = bindings[field];
    return source === undefined ? [] : [{ field, outcome: parse(source) }];
  });
  const expressions = {
    bindings: parsed.flatMap(({ field, outcome }) =>
      typeof outcome === 'string' ? [] : [{ field, expression: outcome }],
    ),
    complaints: parsed.flatMap(({ field, outcome }) =>
      typeof outcome === 'string' ? [{ field, message: outcome }] : [],
    ),
  };
  knownExpressions.set(bindings, expressions);
  return expressions;
}

type Values = Pick<Strip, BoundField>;

type BoundValues = {
  readonly values: Values;
  readonly problems: readonly Omit<StripProblem, 'strip'>[];
};

function toMessage(value: JsonValue, error: z.ZodError): string {
  return `${quoted(value)} does not fit: ${error.issues[0]?.message ?? ''}`;
}

/** Fields with one of them set; or what is wrong with the value. */
function withField(values: Values, field: BoundField, value: JsonValue): Values | string {
  if (field === 'gainDb') {
    const gainDb = StripSchema.shape.gainDb.safeParse(value);
    return gainDb.success ? { ...values, gainDb: gainDb.data } : toMessage(value, gainDb.error);
  }
  const muted = StripSchema.shape.muted.safeParse(value);
  return muted.success ? { ...values, muted: muted.data } : toMessage(value, muted.error);
}

function bind({ bindings }: StripExpressions, own: Values, variables: Variables): BoundValues {
  const problems: Omit<StripProblem, 'strip'>[] = [];
  let values = own;
  for (const { field, expression } of bindings) {
    const { source } = expression;
    const evaluated = evaluate(expression, variables);
    if ('problem' in evaluated) {
      const { kind, problem } = evaluated;
      problems.push({ property: field, kind, expression: source, message: problem });
      continue;
    }
    const next = withField(values, field, evaluated.value);
    if (typeof next !== 'string') values = next;
    else problems.push({ property: field, kind: 'value', expression: source, message: next });
  }
  return { values, problems };
}

/** Results kept of each strip: the current one, and those of scheduled batches. */
const KEPT_RESULTS = 4;

/** What a strip has come to, by what it says itself and the values of the variables that it reads. */
type Known = {
  readonly own: Values;
  readonly read: readonly (JsonValue | undefined)[];
  readonly result: BoundValues;
};

const knownResults = new WeakMap<StripExpressions, Known[]>();

function isSame(a: Known['read'], b: Known['read']): boolean {
  return a.every((value, i) => value === b[i] || isDeepStrictEqual(value, b[i]));
}

function bindOnce(expressions: StripExpressions, own: Values, variables: Variables): BoundValues {
  const paths = expressions.bindings.flatMap(({ expression }) => expression.paths);
  const read = paths.map((path) => valueAt(variables, path));
  const results = knownResults.get(expressions) ?? [];
  const known = results.find(
    (one) => one.own.gainDb === own.gainDb && one.own.muted === own.muted && isSame(one.read, read),
  );
  if (known !== undefined) return known.result;
  const result = bind(expressions, own, variables);
  knownResults.set(expressions, [{ own, read, result }, ...results.slice(0, KEPT_RESULTS - 1)]);
  return result;
}

/** A sound with its variables put in, and the problems with them. */
export type BoundSound = { readonly sound: Sound; readonly problems: readonly StripProblem[] };

/**
 * Puts variables into the strips of a sound. A bound value is validated like the field itself; if it is not valid, the field
 * keeps the value of the document. Strips without bindings stay the same objects.
 */
export function boundSound(sound: Sound, variables: Variables): BoundSound {
  const problems: StripProblem[] = [];
  const bound = <T extends Strip>(key: StripKey, strip: T): T => {
    const expressions = stripExpressions(strip);
    if (expressions.bindings.length === 0) return strip;
    const { gainDb, muted } = strip;
    const result = bindOnce(expressions, { gainDb, muted }, variables);
    for (const problem of result.problems) problems.push({ strip: key, ...problem });
    return { ...strip, ...result.values, bindings: {} };
  };
  const sources = sound.sources.map((one) => {
    const strip = bound(`source:${one.id}`, one.strip);
    return strip === one.strip ? one : { ...one, strip };
  });
  const buses = sound.buses.map((one) => {
    const strip = bound(`bus:${one.id}`, one.strip);
    return strip === one.strip ? one : { ...one, strip };
  });
  const master = bound('master', sound.master);
  return { sound: { ...sound, sources, buses, master }, problems };
}
