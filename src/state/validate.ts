import type { z } from 'zod';
import { AppError, type FieldError } from '../core/errors.js';

/** What checks a value: a schema, or what stands in for one. */
export type Check<T> = { safeParse(value: unknown): z.ZodSafeParseResult<T> };

/**
 * A value as its schema gives it back, with every default filled in.
 * @throws AppError SM_REQUEST_INVALID with the fields that do not fit
 */
export function validate<T>(schema: Check<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(what, toFieldErrors(result.error));
}

/** More than this many fields help nobody, and an answer must stay small. */
const REPORTED_FIELDS = 50;

/** The error for fields that do not fit; `what` names the thing they belong to, such as `layer`. */
export function invalid(what: string, fields: readonly FieldError[]): AppError {
  const first = fields[0];
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  const where =
    first === undefined ? '' : `: ${first.path === '' ? '/' : first.path} ${first.message}`;
  return new AppError(
    'SM_REQUEST_INVALID',
    `The ${what} does not match its schema${where}${more}.`,
    fields.slice(0, REPORTED_FIELDS),
  );
}

/** What zod found, one entry per field, with JSON pointers (RFC 6901). */
export function toFieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: toPointer([...issue.path, key]),
        message: 'is not a known field',
      }));
    }
    const messages = messagesOf(issue);
    return [{ path: toPointer(issue.path), message: [...new Set(messages)].join('; or ') }];
  });
}

function messagesOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0)
    return issue.errors.map((branch) => branch.map((inner) => plain(inner.message)).join(', '));
  if (issue.code === 'invalid_key')
    return [`is not a valid name: ${issue.issues.map((one) => one.message).join(', ')}`];
  return [plain(issue.message)];
}

/** `Invalid input: expected number, received string` says no more with its first words. */
function plain(message: string): string {
  return message.replace(/^Invalid (?:input|option|key): /, '');
}

/** A path as a JSON pointer: `['layers', 0, 'x']` is `/layers/0/x`. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
