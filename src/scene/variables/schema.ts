import { z } from 'zod';
import { VARIABLE_LIMITS as LIMITS } from '../limits.js';
import { numberBetween, TextSchema } from '../schema/values.js';
import { RESERVED_NAMES } from './expression.js';
import type { JsonValue } from './json-value.js';
import { SOUND_NAME } from './sound-name.js';

/** Characters of a text that count as one value, as in the estimate of what an expression costs. */
const CHARS_PER_VALUE = 64;

const NAME_PATTERN = /^[A-Za-z_]\w*$/;

/** Name of a variable, or of a field in one: what can stand in an expression as it is. */
const FieldNameSchema = z
  .string()
  .max(LIMITS.nameChars)
  .regex(NAME_PATTERN, 'must be letters, digits and _, and not start with a digit')
  .refine((name) => name !== '__proto__', 'must not be __proto__');

/** Name of a variable. */
export const VariableNameSchema = FieldNameSchema.refine(
  (name) => !RESERVED_NAMES.has(name),
  'must not be a reserved word of the expression language, such as in, list or string',
)
  .refine((name) => name !== SOUND_NAME, `must not be ${SOUND_NAME}, which is what layers hear`)
  .meta({
    id: 'VariableName',
    description: 'Letters, digits and _, not starting with a digit.',
    example: 'bid',
  });

const NumberSchema = numberBetween(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

const JsonValueSchema: z.ZodType<JsonValue, JsonValue> = z
  .union([
    TextSchema,
    NumberSchema,
    z.boolean(),
    z.null(),
    z.array(z.lazy(() => JsonValueSchema)),
    z.record(
      FieldNameSchema,
      z.lazy(() => JsonValueSchema),
    ),
  ])
  .meta({ id: 'VariableValue', description: 'A text, number, Boolean, list or object.' });

/** A variable's value. */
export const VariableValueSchema = JsonValueSchema.refine(
  (value) => depthOf(value) <= LIMITS.depth,
  `must not be nested more than ${LIMITS.depth} deep`,
).refine(
  (value) => valuesIn(value) <= LIMITS.valuesPerVariable,
  `must contain at most ${LIMITS.valuesPerVariable} values, where every ${CHARS_PER_VALUE} characters of a text count as one`,
);

/** All variables by name. */
export const VariablesSchema = z
  .record(VariableNameSchema, VariableValueSchema)
  .refine(
    (variables) => Object.keys(variables).length <= LIMITS.variables,
    `must be at most ${LIMITS.variables} variables`,
  )
  .refine(
    (variables) => JSON.stringify(variables).length <= LIMITS.jsonChars,
    `must be at most ${LIMITS.jsonChars} characters of JSON`,
  )
  .meta({ id: 'Variables', example: { bid: { amount: 1250, bidder: 'Ada' }, live: true } });

function childrenOf(value: JsonValue): JsonValue[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function depthOf(value: JsonValue): number {
  // A list may have more values than a call takes arguments.
  return (
    1 + childrenOf(value).reduce<number>((deepest, child) => Math.max(deepest, depthOf(child)), 0)
  );
}

/** Values in a value, itself and those in its lists and objects counted; long texts count as several. */
export function valuesIn(value: JsonValue): number {
  const own = typeof value === 'string' ? 1 + value.length / CHARS_PER_VALUE : 1;
  return own + childrenOf(value).reduce<number>((sum, child) => sum + valuesIn(child), 0);
}
