import { AppError } from '../core/errors.js';
import { placeholderChars } from '../scene/variables/expression-chars.js';
import { toPointer } from '../state/validate.js';
import { invalidRequest } from './validation.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** What a JSON text may hold, so that looking at it keeps nobody waiting. */
export type JsonLimits = {
  /** Objects and arrays inside each other. */
  readonly nestingDepth: number;
  /** Values in it, those inside of others counted. */
  readonly jsonValues: number;
  /** Layers in it, in all its scenes, groups and operations together: checking one takes some 100 µs. */
  readonly layersPerRequest: number;
  /** Characters of expressions in it, in bindings and in the `{{…}}` of texts: parsing one takes some µs a character. */
  readonly expressionCharsPerRequest: number;
};

/**
 * Goes through a text without parsing it: in one pass.
 * @throws AppError SM_REQUEST_TOO_DEEP, SM_REQUEST_TOO_LARGE
 */
function checkExtent(bytes: Uint8Array, { nestingDepth, jsonValues }: JsonLimits): void {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === COMMA) values++;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      values++;
      if (++depth > nestingDepth) {
        throw new AppError(
          'SM_REQUEST_TOO_DEEP',
          `Objects and arrays may be nested at most ${nestingDepth} levels deep.`,
        );
      }
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  if (values > jsonValues) {
    throw new AppError(
      'SM_REQUEST_TOO_LARGE',
      `The JSON text contains more than ${jsonValues} values. Split it into several requests.`,
    );
  }
}

/** What of a parsed text takes time to check. */
type Weight = {
  /** What stands in lists that are called `layers`, wherever they are. */
  layers: number;
  /** Characters of expressions: in the `{{…}}` of texts, and in what is called `bindings`. */
  expressionChars: number;
};

function weigh(value: unknown): Weight {
  const weight: Weight = { layers: 0, expressionChars: 0 };
  const open: (readonly [name: string, value: unknown, isBound: boolean])[] = [['', value, false]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [name, one, isBound] = next;
    if (typeof one === 'string')
      weight.expressionChars += isBound ? one.length : placeholderChars(one);
    if (typeof one !== 'object' || one === null) continue;
    if (name === 'layers' && Array.isArray(one)) weight.layers += one.length;
    for (const [key, inner] of Object.entries(one)) open.push([key, inner, name === 'bindings']);
  }
  return weight;
}

/** The one name that assigning to an object does not store: everything that copies fields would lose it. */
const RESERVED_NAME = '__proto__';
/** The name as it is, or an escape that could be a letter of it. */
const RESERVED_HINTS = [RESERVED_NAME, '\\u00'];

function findReservedName(value: unknown, path: readonly string[]): readonly string[] | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const here = [...path, name];
    if (name === RESERVED_NAME) return here;
    const found = findReservedName(inner, here);
    if (found !== null) return found;
  }
  return null;
}

/** Whether a JSON text may hold the field name `__proto__`: most need not be gone through for it. */
export function hintsAtReservedName(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return RESERVED_HINTS.some((hint) => text.includes(hint));
}

/**
 * Refuses parsed JSON that holds the field name `__proto__` anywhere, rather than losing it without a word.
 * @throws AppError SM_REQUEST_INVALID
 */
export function refuseReservedNames(value: unknown): void {
  const path = findReservedName(value, []);
  if (path === null) return;
  throw invalidRequest([
    { path: toPointer(path), message: `cannot be stored: ${RESERVED_NAME} is a reserved name` },
  ]);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses JSON from a client. NaN and Infinity are not JSON; a figure such as 1e999 becomes Infinity and is
 * refused by every schema.
 * @throws AppError SM_REQUEST_TOO_DEEP, SM_REQUEST_TOO_LARGE, SM_REQUEST_MALFORMED
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  checkExtent(bytes, limits);
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new AppError('SM_REQUEST_MALFORMED', 'The JSON text is not valid UTF-8.');
  }
  const value = parseText(text);
  const { layers, expressionChars } = weigh(value);
  if (layers > limits.layersPerRequest) {
    throw new AppError(
      'SM_REQUEST_TOO_LARGE',
      `The request contains ${layers} layers; the limit is ${limits.layersPerRequest}. Split it into several requests.`,
    );
  }
  if (expressionChars > limits.expressionCharsPerRequest) {
    throw new AppError(
      'SM_REQUEST_TOO_LARGE',
      `The request contains ${expressionChars} characters of expressions; the limit is ${limits.expressionCharsPerRequest}. Split it into several requests.`,
    );
  }
  return value;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('SM_REQUEST_MALFORMED', `The text is not valid JSON: ${reason}.`);
  }
}
