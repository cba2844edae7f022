import { AppError } from '../core/errors.js';
import { bearerToken, type Identity } from './auth.js';
import { announcedBytes, checkContentLength, type BodyReader, readBody } from './body.js';
import { isChange, readIdempotencyKey, takeDryRun } from './call-options.js';
import { etagOf, namesEtag, type Resources } from './etag.js';
import type { Exchange, Header } from './exchange.js';
import type { Gate } from './gate.js';
import { hintsAtReservedName, parseJson, refuseReservedNames } from './json-text.js';
import type { ApiLimits } from './limits.js';
import type { JsonOperation } from './operation.js';
import type { Done, ReadRequest, Request } from './requests.js';
import type { UploadRoom } from './upload-room.js';
import { invalidRequest } from './validation.js';

const NO_BODY_BYTES = new Uint8Array(0);
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const JSON_MEDIA_TYPE = /^application\/([a-z0-9.+-]+\+)?json$/;

function mediaTypeOf(exchange: Exchange): string {
  return (exchange.header('content-type').split(';')[0] ?? '').trim().toLowerCase();
}

/** @throws AppError SM_REQUEST_MEDIA_TYPE when the body is compressed: a small one may become very large */
function checkPlain(exchange: Exchange): void {
  const encoding = exchange.header('content-encoding').trim();
  if (/^(identity)?$/i.test(encoding)) return;
  throw new AppError(
    'SM_REQUEST_MEDIA_TYPE',
    `The content encoding ${encoding} is not supported. Send the body uncompressed, without the header Content-Encoding.`,
  );
}

/** Parameters of address and query as one object. @throws AppError SM_REQUEST_INVALID when one occurs twice */
export function joinParams(
  pathParams: Readonly<Record<string, string>>,
  query: string,
): Readonly<Record<string, string>> {
  if (query === '') return pathParams;
  const params = new Map(Object.entries(pathParams));
  for (const [name, value] of new URLSearchParams(query)) {
    if (params.has(name))
      throw invalidRequest([{ path: `/${name}`, message: 'is specified more than once' }]);
    params.set(name, value);
  }
  return Object.fromEntries(params);
}

/** Whether a body is bytes, by what is said of it; one of JSON that is too long for a request may be a file of JSON. */
function isUploadOf({ upload }: JsonOperation, exchange: Exchange, jsonBytes: number): boolean {
  if (upload === null) return false;
  const mediaType = mediaTypeOf(exchange);
  if (upload.accepts(mediaType)) return true;
  return JSON_MEDIA_TYPE.test(mediaType) && Number(exchange.header('content-length')) > jsonBytes;
}

export type RestRequestParts = {
  readonly exchange: Exchange;
  readonly operation: JsonOperation;
  readonly pathParams: Readonly<Record<string, string>>;
  readonly gate: Gate;
  readonly limits: ApiLimits;
  readonly room: UploadRoom;
  readonly resources: Resources;
};

/** One HTTP request for an operation that takes and gives JSON. */
export class RestRequest implements Request<void> {
  readonly #parts: RestRequestParts;
  readonly #isUpload: boolean;
  /** Null: the method has no body. */
  readonly #reader: BodyReader | null;
  #leaveRoom: (() => void) | null = null;

  /** Must be made before anything is awaited: the body begins to flow at once. */
  constructor(parts: RestRequestParts) {
    const { exchange, operation, limits } = parts;
    this.#parts = parts;
    this.#isUpload = isUploadOf(operation, exchange, limits.jsonBodyBytes);
    this.#reader = !WITH_BODY.has(exchange.method)
      ? null
      : this.#isUpload
        ? readBody(exchange, limits.uploadBytes, limits.uploadTimeoutMs)
        : readBody(exchange, limits.jsonBodyBytes, limits.bodyTimeoutMs);
  }

  authenticate(): Promise<Identity> {
    const { gate, exchange } = this.#parts;
    return gate.identify(exchange.remoteAddress, bearerToken(exchange.header('authorization')));
  }

  limit(identity: Identity): Promise<void> {
    return this.#parts.gate.count(identity, this.#parts.exchange.remoteAddress);
  }

  find(): JsonOperation {
    return this.#parts.operation;
  }

  async read(operation: JsonOperation, { subject }: Identity): Promise<ReadRequest> {
    const { exchange, pathParams } = this.#parts;
    const given = joinParams(pathParams, exchange.query);
    if (!isChange(operation.method)) return this.#readInput(given, null);
    const { params, dryRun } = takeDryRun(given);
    const ifMatch = exchange.header('if-match');
    const idempotencyKey = readIdempotencyKey(exchange.header('idempotency-key'));
    return this.#readInput(params, {
      subject,
      ifMatch: ifMatch === '' ? null : ifMatch,
      idempotencyKey,
      dryRun,
    });
  }

  onReplay(): void {
    this.#parts.exchange.addHeader('Idempotency-Replayed', 'true');
  }

  respond({ operation, options, answer, isDurable }: Done): void {
    const { exchange, resources } = this.#parts;
    const { status, value, location } = answer;
    const headers: Header[] = location === null ? [] : [['Location', location]];
    if (!isDurable) headers.push(['Stream-Manager-Durable', 'false']);
    if (status === 204) {
      exchange.send(status, headers, null);
      return;
    }
    const json = JSON.stringify(value);
    if (options !== null) {
      // What was only tried out is no resource.
      const etag = options.dryRun ? null : resources.etagOfAnswer(operation, value);
      if (etag !== null) headers.push(['ETag', etag]);
      exchange.sendJsonText(status, json, [['Cache-Control', 'no-store'], ...headers]);
      return;
    }
    const { isVersioned } = operation;
    const etag = isVersioned ? etagOf(json) : (resources.etagOfAnswer(operation, value) ?? '');
    headers.push(['ETag', etag], ['Cache-Control', 'private, no-cache']);
    const known = isVersioned ? exchange.header('if-none-match') : '';
    if (known !== '' && namesEtag(known, etag, true)) exchange.send(304, headers, null);
    else exchange.sendJsonText(status, json, headers);
  }

  /** To be called when the request is over: the room taken for its body is released. */
  end(): void {
    this.#reader?.release();
    this.#leaveRoom?.();
    this.#leaveRoom = null;
  }

  async #readInput(params: unknown, options: ReadRequest['options']): Promise<ReadRequest> {
    const { exchange, operation, limits, room } = this.#parts;
    const limitBytes = this.#isUpload ? limits.uploadBytes : limits.jsonBodyBytes;
    if (this.#reader !== null) checkContentLength(exchange, limitBytes);
    if (this.#isUpload) this.#leaveRoom = room.enter(announcedBytes(exchange) ?? limitBytes);
    this.#reader?.release();
    const bytes = this.#reader === null ? NO_BODY_BYTES : await this.#reader.bytes;
    const isFile = this.#isUpload || (options !== null && operation.upload?.isFile(bytes) === true);
    if (isFile) return { input: { params, body: undefined, bytes }, options };
    const given = bytes.length === 0 ? undefined : this.#parseBody(bytes);
    const body = operation.body !== null && given === undefined ? {} : given;
    return { input: { params, body, bytes: null }, options };
  }

  #parseBody(bytes: Uint8Array): unknown {
    const { exchange, operation, limits } = this.#parts;
    checkPlain(exchange);
    const mediaType = mediaTypeOf(exchange);
    if (!JSON_MEDIA_TYPE.test(mediaType)) {
      const upload =
        operation.upload === null
          ? ''
          : `, or as binary data of the type ${operation.upload.mediaTypes.join(', ')}`;
      throw new AppError(
        'SM_REQUEST_MEDIA_TYPE',
        `The media type ${mediaType || '(none)'} is not supported. Send the body as application/json${upload}, and set the header Content-Type accordingly.`,
      );
    }
    const value = parseJson(bytes, limits);
    if (hintsAtReservedName(bytes)) refuseReservedNames(value);
    return value;
  }
}
