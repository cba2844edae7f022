import { z } from 'zod';
import { invalidRequest, validate } from './validation.js';
import type { HttpMethod } from './operation.js';

/** What any change may be asked with, next to its own parameters. */
export type CallOptions = {
  /** Whoever asks: keys of one are not those of another. */
  readonly subject: string;
  /** Carried out only while the resource is as it was: the value of a header If-Match; null: whatever it is. */
  readonly ifMatch: string | null;
  /** The same call is carried out once, and answered again; null: each time. */
  readonly idempotencyKey: string | null;
  /** Only tried out: nothing is stored, shown or announced. */
  readonly dryRun: boolean;
};

/** Printable ASCII. */
const KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;
const KEY_MESSAGE = 'must be 1 to 255 printable characters without spaces, such as a UUID';

/** Whether an operation of this method changes something. */
export function isChange(method: HttpMethod): boolean {
  return method !== 'GET';
}

/**
 * The header Idempotency-Key: a string of RFC 9651 in quotes, as the IETF draft has it, or bare, as most send it.
 * @throws AppError SM_REQUEST_INVALID
 */
export function readIdempotencyKey(header: string): string | null {
  const value = header.trim();
  if (value === '') return null;
  const key = /^"(.*)"$/.exec(value)?.[1] ?? value;
  if (KEY_PATTERN.test(key)) return key;
  throw invalidRequest([{ path: '/Idempotency-Key', message: KEY_MESSAGE }]);
}

/** Takes `dryRun` out of the parameters of an address. @throws AppError SM_REQUEST_INVALID */
export function takeDryRun(params: Readonly<Record<string, string>>): {
  readonly params: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
} {
  const { dryRun, ...rest } = params;
  if (dryRun === undefined) return { params, dryRun: false };
  if (dryRun === 'true' || dryRun === 'false') return { params: rest, dryRun: dryRun === 'true' };
  throw invalidRequest([{ path: '/dryRun', message: 'must be true or false' }]);
}

const ReservedSchema = z.object({
  ifMatch: z.string().max(4096).optional(),
  idempotencyKey: z.string().regex(KEY_PATTERN, KEY_MESSAGE).optional(),
  dryRun: z.boolean().optional(),
});

/**
 * Takes the members out of JSON-RPC params that stand for headers and query: `ifMatch`, `idempotencyKey`, `dryRun`.
 * @throws AppError SM_REQUEST_INVALID
 */
export function takeOptions(
  input: Readonly<Record<string, unknown>>,
  subject: string,
): {
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
} {
  const { ifMatch = null, idempotencyKey = null, dryRun = false } = validate(ReservedSchema, input);
  const rest = Object.fromEntries(
    Object.entries(input).filter(([name]) => !Object.hasOwn(ReservedSchema.shape, name)),
  );
  return { input: rest, options: { subject, ifMatch, idempotencyKey, dryRun } };
}
