import { type ASTNode, Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { VARIABLE_LIMITS as LIMITS } from '../limits.js';
import { type ValuesOf, worstSteps } from './expression-cost.js';
import { toPath, usedPaths } from './expression-paths.js';
import { type JsonValue, valueAt, type Variables } from './json-value.js';
import { partsOf, type Term } from './term.js';

/** The source is not a valid expression. The message says what is wrong and where. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** An expression of the Common Expression Language (https://cel.dev), ready to be evaluated. */
export type Expression = {
  readonly source: string;
  /** Dotted paths of the variables that it reads. */
  readonly paths: readonly string[];
  /** The path, if it only reads a variable; otherwise null. */
  readonly path: string | null;
  /** Steps that it takes at the worst; a step takes some 100 ns. */
  readonly steps: number;
  /** The same with variables that hold so many values. */
  stepsWith(valuesOf: ValuesOf): number;
  /** @throws ExpressionError when it cannot be evaluated: a variable is not there, or of the wrong type */
  evaluate(variables: Variables): JsonValue;
};

/**
 * The functions that may be called. Excluded are those that take patterns (`matches`: they may never end), read the machine's
 * time zone (timestamps) or let values grow step by step (`bind`, `split`).
 */
const FUNCTIONS = new Set([
  ...['size', 'string', 'int', 'double', 'bool', 'dyn', 'has'],
  ...['contains', 'startsWith', 'endsWith', 'indexOf', 'lastIndexOf', 'substring'],
  ...['lowerAscii', 'upperAscii', 'trim', 'join'],
  ...['all', 'exists', 'exists_one', 'filter', 'map'],
  ...['min', 'max', 'abs', 'floor', 'ceil', 'round', 'clamp'],
]);

/** Reserved words of the language, which cannot be names of variables. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function'],
  ...['if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while'],
  ...['__proto__', 'prototype', 'bool', 'bytes', 'double', 'dyn', 'int', 'list', 'map', 'uint'],
  ...['null_type', 'string', 'type', 'optional', 'cel', 'google', 'timestamp', 'duration'],
]);

const environment = createEnvironment();

/** Names of variables and their fields: most expressions are only that. */
const PLAIN_PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** An expression that only reads a variable, without the parser, which takes a hundred times as long. Null: any other. */
function parsePath(source: string): Expression | null {
  if (!PLAIN_PATH.test(source) || source.length > LIMITS.expressionChars) return null;
  const names = source.split('.');
  if (names.some((name) => RESERVED_NAMES.has(name) || FUNCTIONS.has(name))) return null;
  const [root = '', ...fields] = names;
  const term = fields.reduce<Term>((of, name) => ({ op: 'member', of, name }), {
    op: 'name',
    name: root,
  });
  return {
    source,
    paths: [source],
    path: source,
    steps: worstSteps(term),
    stepsWith: (valuesOf) => worstSteps(term, valuesOf),
    evaluate: (variables) => {
      const value = valueAt(variables, source);
      if (value === undefined) throw new ExpressionError(`there is no variable ${source}`);
      return value;
    },
  };
}

/** @throws ExpressionError when it does not parse, calls what is not there, or could take too long */
export function parseExpression(source: string): Expression {
  return parsePath(source) ?? parseWhole(source);
}

/** Kept by the variables object, which never changes: one change evaluates many expressions. The evaluator only reads it. */
const knownMaps = new WeakMap<Variables, Map<string, JsonValue>>();

function asMap(variables: Variables): Map<string, JsonValue> {
  const known = knownMaps.get(variables);
  if (known !== undefined) return known;
  const made = new Map(Object.entries(variables));
  knownMaps.set(variables, made);
  return made;
}

function parseWhole(source: string): Expression {
  const [program, term] = parse(source);
  checkCalls(term);
  const steps = worstSteps(term);
  if (steps > LIMITS.expressionSteps) {
    throw new ExpressionError(
      'could take too long because it iterates over nested lists. Nest fewer lists',
    );
  }
  return {
    source,
    paths: usedPaths(term),
    path: toPath(term),
    steps,
    stepsWith: (valuesOf) => worstSteps(term, valuesOf),
    evaluate: (variables) => {
      try {
        const value: unknown = program(asMap(variables));
        return toJson(value);
      } catch (error) {
        throw new ExpressionError(summaryOf(error));
      }
    },
  };
}

/**
 * Literals such as `'EUR', {minimumFractionDigits: 2}`, as the arguments of a filter are written; names of fields need
 * no quotes. @throws ExpressionError when they are not literals
 */
export function parseLiterals(source: string): JsonValue[] {
  const [, term] = parse(`[${source}]`);
  if (term.op !== 'list') throw new ExpressionError('must be values such as 2 or "EUR"');
  return term.items.map(toLiteral);
}

function createEnvironment(): Environment {
  const made = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: 200,
      maxDepth: 32,
      maxListElements: 64,
      maxMapEntries: 32,
      maxCallArguments: 8,
    },
  });
  // Variables come from JSON, which does not distinguish int and double, so 12 + 1 must work with either.
  const arithmetic: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
  };
  for (const [symbol, run] of Object.entries(arithmetic)) {
    const mixed = (a: unknown, b: unknown): number => run(Number(a), Number(b));
    made.registerOperator(`double ${symbol} int: double`, mixed);
    made.registerOperator(`int ${symbol} double: double`, mixed);
  }
  made.registerOperator('double % double: double', (a: number, b: number) => a % b);
  const functions: Record<string, (...numbers: number[]) => number> = {
    'min(dyn, dyn): double': Math.min,
    'max(dyn, dyn): double': Math.max,
    'abs(dyn): double': Math.abs,
    'floor(dyn): double': Math.floor,
    'ceil(dyn): double': Math.ceil,
    'round(dyn): double': Math.round,
    'clamp(dyn, dyn, dyn): double': (value = 0, least = 0, most = 0) =>
      Math.min(most, Math.max(least, value)),
  };
  for (const [signature, run] of Object.entries(functions))
    made.registerFunction(signature, (...values: unknown[]) => run(...values.map(toNumber)));
  return made;
}

function toNumber(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw new Error('takes numbers only');
}

function parse(source: string): [program: (variables: Map<string, JsonValue>) => unknown, Term] {
  if (source.length > LIMITS.expressionChars)
    throw new ExpressionError(`must have at most ${LIMITS.expressionChars} characters`);
  try {
    const program = environment.parse(source);
    const run = (variables: Map<string, JsonValue>): unknown => program(variables);
    return [run, toTerm(program.ast)];
  } catch (error) {
    throw new ExpressionError(summaryOf(error));
  }
}

/** The first line of the message of the package; the other lines point at the place. */
function summaryOf(error: unknown): string {
  if (error instanceof ParseError) {
    const at = error.range === undefined ? '' : ` at character ${error.range.start + 1}`;
    return `${error.summary}${at}`;
  }
  if (error instanceof EvaluationError) return error.summary;
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line;
}

function toTerm(node: ASTNode): Term {
  switch (node.op) {
    case 'value': {
      const value = node.args;
      if (typeof value === 'object' && value !== null)
        throw new ExpressionError('cannot use bytes or unsigned numbers');
      return { op: 'literal', value };
    }
    case 'id':
      return { op: 'name', name: node.args };
    case '.':
    case '.?':
      return { op: 'member', of: toTerm(node.args[0]), name: node.args[1] };
    case '[]':
    case '[?]':
      return { op: 'index', of: toTerm(node.args[0]), key: toTerm(node.args[1]) };
    case 'call':
      return { op: 'call', name: node.args[0], isMethod: false, args: node.args[1].map(toTerm) };
    case 'rcall': {
      const [name, of, args] = node.args;
      return { op: 'call', name, isMethod: true, args: [of, ...args].map(toTerm) };
    }
    case 'list':
      return { op: 'list', items: node.args.map(toTerm) };
    case 'map':
      return { op: 'map', entries: node.args.map(([key, value]) => [toTerm(key), toTerm(value)]) };
    case '!_':
    case '-_':
      return { op: 'other', symbol: node.op, args: [toTerm(node.args)] };
    default:
      return { op: 'other', symbol: node.op, args: node.args.map(toTerm) };
  }
}

function checkCalls(term: Term): void {
  if (term.op === 'call' && !FUNCTIONS.has(term.name)) {
    throw new ExpressionError(
      `there is no function ${term.name}; there are ${[...FUNCTIONS].join(', ')}`,
    );
  }
  for (const part of partsOf(term)) checkCalls(part);
}

function toLiteral(term: Term): JsonValue {
  if (term.op === 'literal') {
    return typeof term.value === 'bigint' ? Number(term.value) : term.value;
  }
  if (term.op === 'list') return term.items.map(toLiteral);
  if (term.op === 'map') {
    return Object.fromEntries(
      term.entries.map(([key, value]) => [toFieldName(key), toLiteral(value)]),
    );
  }
  const [negated] = term.op === 'other' && term.symbol === '-_' ? term.args : [];
  const value = negated === undefined ? null : toLiteral(negated);
  if (typeof value === 'number') return -value;
  throw new ExpressionError('must be values such as 2 or "EUR", not expressions');
}

function toFieldName(key: Term): string {
  if (key.op === 'name') return key.name;
  if (key.op === 'literal' && typeof key.value === 'string') return key.value;
  throw new ExpressionError('must have names or texts as the names of fields');
}

function toJson(value: unknown): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const number = Number(value);
    if (Number.isFinite(number)) return number;
    throw new Error('The result is not a finite number');
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), toJson(item)]));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  throw new Error('The result is not a number, text, list, object or Boolean');
}
