import { brokenSvg } from './errors.js';

/** The custom properties that are in force at an element, by name with its dashes. */
export type Variables = ReadonlyMap<string, string>;

/** Variables within variables. */
const MAX_DEPTH = 16;
const MAX_LENGTH = 10_000;

/** How often variables may still be put in, in one drawing: those that become nothing would go on for ever. */
export type VariableBudget = { left: number };

export function createVariableBudget(): VariableBudget {
  return { left: 300_000 };
}

/** Where a bracket that is open before `start` is closed; -1: nowhere. */
function closingAt(text: string, start: number): number {
  let depth = 1;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '(') depth += 1;
    else if (text[i] === ')') depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

/**
 * A value of CSS with its variables put in (https://www.w3.org/TR/css-variables-1/); null when one of them is not
 * there and has no fallback, or refers to itself: then the declaration counts as if it were not there.
 * @throws AppError SM_ASSET_BROKEN when it becomes too long, or the budget is used up
 */
export function resolveVariables(
  value: string,
  variables: Variables,
  budget: VariableBudget,
  depth = 0,
): string | null {
  const found = /(^|[^\w-])var\(/i.exec(value);
  if (found === null) return value;
  budget.left -= 1;
  if (budget.left < 0) throw brokenSvg('its CSS variables are used too often.');
  if (depth > MAX_DEPTH) return null;
  const start = found.index + found[0].length;
  const end = closingAt(value, start);
  if (end < 0) return null;
  const [, name = '', , fallback] =
    /^\s*(--[^\s,)]+)\s*(,([\s\S]*))?$/.exec(value.slice(start, end)) ?? [];
  const known = variables.get(name);
  const inner =
    (known === undefined ? null : resolveVariables(known, variables, budget, depth + 1)) ??
    (fallback === undefined
      ? null
      : resolveVariables(fallback.trim(), variables, budget, depth + 1));
  if (inner === null) return null;
  const whole = value.slice(0, start - 'var('.length) + inner.trim() + value.slice(end + 1);
  if (whole.length > MAX_LENGTH) throw brokenSvg('its CSS variables expand to too much text.');
  return resolveVariables(whole, variables, budget, depth);
}
