import type { z } from 'zod';
import { AppError, type FieldError } from '../core/errors.js';
import { type Check, toPointer } from '../state/validate.js';

/** More than this many fields help nobody, and an answer must stay small. */
const REPORTED_FIELDS = 50;

type Issue = z.core.$ZodIssue;

/** `Invalid input: expected number, received string` reads better without its first words. */
function plain(message: string): string {
  return message.replace(/^Invalid (input|option|key): /, '');
}

function toFieldErrors(issue: Issue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: toPointer([...issue.path, key]),
      message: 'is not a known field',
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branches = issue.errors.map((branch) =>
      branch.map((inner) => plain(inner.message)).join(', '),
    );
    return [{ path: toPointer(issue.path), message: [...new Set(branches)].join('; or ') }];
  }
  return [{ path: toPointer(issue.path), message: plain(issue.message) }];
}

/** An error that names the fields, with the first of them in its message. */
export function invalidRequest(fields: readonly FieldError[]): AppError {
  const [first] = fields;
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more, see errors)` : '';
  const message =
    first === undefined
      ? 'The request does not match its schema.'
      : `${first.path === '' ? 'The request' : first.path}: ${first.message}${more}`;
  return new AppError('SM_REQUEST_INVALID', message, fields.slice(0, REPORTED_FIELDS));
}

/**
 * A value as its schema wants it, defaults filled in.
 * @throws AppError SM_REQUEST_INVALID with every field that does not fit
 */
export function validate<T>(schema: Check<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.flatMap(toFieldErrors));
}
