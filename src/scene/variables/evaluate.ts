import type { Expression } from './expression.js';
import { type JsonValue, valueAt, type Variables } from './json-value.js';

/** What an expression comes to; or why it comes to nothing, for people. */
export type Evaluated =
  | { readonly value: JsonValue }
  | { readonly kind: 'unknown-variable' | 'expression'; readonly problem: string };

/** Evaluates an expression of a binding. */
export function evaluate(expression: Expression, variables: Variables): Evaluated {
  try {
    return { value: expression.evaluate(variables) };
  } catch (error) {
    const missing = expression.paths.filter((path) => valueAt(variables, path) === undefined);
    if (missing.length > 0)
      return { kind: 'unknown-variable', problem: `there is no variable ${missing.join(', ')}` };
    return { kind: 'expression', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Longest that a value is quoted in a message. */
const QUOTED_CHARS = 60;

/** A value for a message. */
export function quoted(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > QUOTED_CHARS ? `${text.slice(0, QUOTED_CHARS)}…` : text;
}
