import { AppError } from '../core/errors.js';
import { toPointer } from '../state/validate.js';
import { invalidRequest } from './validation.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Whether objects and arrays stand more than `limit` deep, found without parsing: one look at every byte. */
function isTooDeep(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > limit) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  return false;
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
 * @throws AppError SM_REQUEST_TOO_DEEP, SM_REQUEST_MALFORMED
 */
export function parseJson(bytes: Uint8Array, depthLimit: number): unknown {
  if (isTooDeep(bytes, depthLimit)) {
    throw new AppError(
      'SM_REQUEST_TOO_DEEP',
      `Objects and arrays may stand at most ${depthLimit} deep inside each other.`,
    );
  }
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new AppError('SM_REQUEST_MALFORMED', 'The JSON text is not valid UTF-8.');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('SM_REQUEST_MALFORMED', `The text is not valid JSON: ${reason}.`);
  }
}
