import { AppError, type ErrorCode } from '../core/errors.js';
import { toStorageError } from './storage-error.js';

/** Why something could not be fetched. */
export class FetchError extends AppError {
  constructor(
    code: ErrorCode,
    message: string,
    /** Whether the same may work a few seconds later: network failures and errors of the server do, refusals do not. */
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(code, message, [], options);
  }
}

/** The error for a response that is neither content nor a redirect. */
export function statusError(status: number): FetchError {
  const retryable = status >= 500 || status === 408 || status === 425 || status === 429;
  const hint = status === 404 || status === 410 ? ' No resource exists at this address.' : '';
  return new FetchError(
    'SM_ASSET_UNREACHABLE',
    `The server responded with status ${status}.${hint}`,
    retryable,
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The host name cannot be resolved.',
  EAI_AGAIN: 'The host name could not be resolved at the moment.',
  ECONNREFUSED: 'The host refuses connections.',
  ECONNRESET: 'The connection was closed.',
  ETIMEDOUT: 'The connection timed out.',
  EHOSTUNREACH: 'The host is unreachable.',
  ENETUNREACH: 'The network of the host is unreachable.',
  UND_ERR_SOCKET: 'The connection was closed.',
  UND_ERR_CONNECT_TIMEOUT: 'The connection timed out.',
  UND_ERR_HEADERS_TIMEOUT: 'The server did not respond in time.',
  UND_ERR_BODY_TIMEOUT: 'The server stopped sending data.',
  UND_ERR_HEADERS_OVERFLOW: 'The response headers are too large.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate of the server is not trusted.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate of the server is not trusted.',
  CERT_HAS_EXPIRED: 'The certificate of the server has expired.',
};

/** Any failure of a fetch with a reason for people; whatever is not known is taken as a network failure. */
export function toFetchError(thrown: unknown): FetchError {
  if (thrown instanceof FetchError) return thrown;
  if (thrown instanceof AppError) {
    return new FetchError(thrown.code, thrown.message, thrown.code === 'SM_ASSET_UNREACHABLE');
  }
  const storage = toStorageError(thrown);
  if (storage !== null)
    return new FetchError(storage.code, storage.message, true, { cause: thrown });
  const cause = deepest(thrown);
  const reason = REASONS[cause.code] ?? `${cause.message.replace(/\.$/, '')}.`;
  return new FetchError('SM_ASSET_UNREACHABLE', reason, true, { cause: thrown });
}

/** With several addresses Node wraps what went wrong at each; the first says it as well as any. */
function deepest(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof AggregateError && thrown.errors.length > 0)
    return deepest(thrown.errors[0]);
  if (!(thrown instanceof Error)) return { code: '', message: String(thrown) };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  if (code === '' && thrown.cause !== undefined) return deepest(thrown.cause);
  return { code, message: thrown.message };
}
