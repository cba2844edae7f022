import { AppError, toAppError } from '../core/errors.js';
import { bearerToken, type Identity } from './auth.js';
import { announcedBytes, checkContentLength, readBody, type BodyReader } from './body.js';
import { type CallOptions, isChange, readIdempotencyKey, takeDryRun } from './call-options.js';
import type { Dispatcher } from './dispatcher.js';
import { etagOf, namesEtag } from './etag.js';
import type { Exchange, Header } from './exchange.js';
import type { Gate } from './gate.js';
import { hintsAtReservedName, parseJson, refuseReservedNames } from './json-text.js';
import type { ApiLimits } from './limits.js';
import type { Outcome } from './idempotency.js';
import type { Answer, JsonOperation, Operation, RawOperation } from './operation.js';
import type { OriginGuard } from './origin-guard.js';
import type { MetricsService } from './ports.js';
import { RetryLaterError } from './problem.js';
import { Router, type RouteMatch } from './router.js';
import { invalidRequest } from './validation.js';

export type RestDeps = {
  readonly operations: readonly Operation[];
  readonly dispatcher: Dispatcher;
  readonly gate: Gate;
  readonly guard: OriginGuard;
  readonly metrics: MetricsService;
  readonly limits: ApiLimits;
};

const NO_BODY_BYTES = new Uint8Array(0);
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const JSON_MEDIA_TYPE = /^application\/([a-z0-9.+-]+\+)?json$/;

function mediaTypeOf(exchange: Exchange): string {
  return (exchange.header('content-type').split(';')[0] ?? '').trim().toLowerCase();
}

/** Parameters of address and query as one object. @throws AppError SM_REQUEST_INVALID when one is given twice */
function joinParams(pathParams: Record<string, string>, query: string): Record<string, string> {
  if (query === '') return pathParams;
  const params = new Map(Object.entries(pathParams));
  for (const [name, value] of new URLSearchParams(query)) {
    if (params.has(name)) throw invalidRequest([{ path: `/${name}`, message: 'is given twice' }]);
    params.set(name, value);
  }
  return Object.fromEntries(params);
}

type JsonRequest = {
  readonly operation: JsonOperation;
  readonly params: Readonly<Record<string, string>>;
  /** Null: it changes nothing. */
  readonly options: CallOptions | null;
};

/** What is asked for in address, query and headers. @throws AppError SM_REQUEST_INVALID */
function toRequest(
  exchange: Exchange,
  operation: JsonOperation,
  pathParams: Record<string, string>,
  subject: string,
): JsonRequest {
  const given = joinParams(pathParams, exchange.query);
  if (!isChange(operation.method)) return { operation, params: given, options: null };
  const { params, dryRun } = takeDryRun(given);
  const ifMatch = exchange.header('if-match');
  const idempotencyKey = readIdempotencyKey(exchange.header('idempotency-key'));
  const options = { subject, ifMatch: ifMatch === '' ? null : ifMatch, idempotencyKey, dryRun };
  return { operation, params, options };
}

/** The answer of a call, whichever way it has come to it. @throws AppError the one that it was refused with */
function open(exchange: Exchange, outcome: Outcome): Answer {
  if (outcome.isReplay) exchange.addHeader('Idempotency-Replayed', 'true');
  return outcome.answer();
}

/** Whether a body is bytes, by what is said of it; one of JSON that is too long for a request may be a file of JSON. */
function isUploadOf({ upload }: JsonOperation, exchange: Exchange, jsonBytes: number): boolean {
  if (upload === null) return false;
  const mediaType = mediaTypeOf(exchange);
  if (upload.accepts(mediaType)) return true;
  return JSON_MEDIA_TYPE.test(mediaType) && Number(exchange.header('content-length')) > jsonBytes;
}

function allowOf(match: RouteMatch<Operation>): string {
  const { methods } = match;
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/** Answers HTTP requests: finds the operation, checks who asks, reads the body within its limits, answers. */
export class Rest {
  readonly #deps: RestDeps;
  readonly #router = new Router<Operation>();
  /** Bytes that uploads take of memory, or may take. */
  #uploadBytes = 0;

  constructor(deps: RestDeps) {
    this.#deps = deps;
    for (const operation of deps.operations) {
      this.#router.add(operation.method, operation.path, operation);
    }
  }

  /** Must be called before anything is awaited: the body begins to flow at once. Never throws. */
  async handle(exchange: Exchange): Promise<void> {
    let name = 'unknown';
    let reader: BodyReader | null = null;
    try {
      const { guard } = this.#deps;
      const origin = exchange.header('origin');
      for (const header of guard.corsHeaders(origin)) exchange.addHeader(...header);
      guard.check(exchange.method, exchange.header('host'), origin, false);
      const match = this.#find(exchange);
      if (exchange.method === 'OPTIONS') {
        this.#answerOptions(exchange, match);
        return;
      }
      const { route: operation, params } = this.#pick(exchange, match);
      ({ name } = operation);
      if (operation.kind === 'raw') await this.#runRaw(exchange, operation, params);
      else {
        const { limits } = this.#deps;
        const isUpload = isUploadOf(operation, exchange, limits.jsonBodyBytes);
        if (WITH_BODY.has(exchange.method)) {
          reader = isUpload
            ? readBody(exchange, limits.uploadBytes, limits.uploadTimeoutMs)
            : readBody(exchange, limits.jsonBodyBytes, limits.bodyTimeoutMs);
        }
        const { subject } = await this.#admit(exchange, true);
        const request = toRequest(exchange, operation, params, subject);
        if (isUpload && reader !== null) await this.#runUpload(exchange, request, reader);
        else await this.#runJson(exchange, request, reader);
      }
    } catch (thrown) {
      reader?.release();
      const error = this.#deps.dispatcher.report(name, thrown);
      exchange.sendProblem(error);
    }
  }

  #find(exchange: Exchange): RouteMatch<Operation> {
    const match = this.#router.find(exchange.path);
    if (match !== null) return match;
    throw new AppError(
      'SM_ROUTE_UNKNOWN',
      `There is nothing at ${exchange.path}. /docs lists the addresses.`,
    );
  }

  #pick(
    exchange: Exchange,
    match: RouteMatch<Operation>,
  ): { route: Operation; params: Record<string, string> } {
    const picked = match.pick(exchange.method === 'HEAD' ? 'GET' : exchange.method);
    if (picked !== null) return picked;
    exchange.addHeader('Allow', allowOf(match));
    throw new AppError(
      'SM_METHOD_NOT_ALLOWED',
      `${exchange.path} does not take ${exchange.method}; it takes ${allowOf(match)}.`,
    );
  }

  #answerOptions(exchange: Exchange, match: RouteMatch<Operation>): void {
    const allow = allowOf(match);
    const preflight =
      exchange.header('access-control-request-method') === ''
        ? []
        : this.#deps.guard.preflightHeaders(exchange.header('origin'), allow);
    exchange.send(204, [['Allow', allow], ...preflight], null);
  }

  #admit(exchange: Exchange, isCounted: boolean): Promise<Identity> {
    return this.#deps.gate.admit(
      exchange.remoteAddress,
      bearerToken(exchange.header('authorization')),
      isCounted,
    );
  }

  async #runRaw(
    exchange: Exchange,
    operation: RawOperation,
    params: Record<string, string>,
  ): Promise<void> {
    const { gate, metrics } = this.#deps;
    let status = 0;
    try {
      if (!operation.open) await this.#admit(exchange, operation.isCounted);
      else if (operation.isCounted) await gate.count(exchange.remoteAddress);
      await operation.respond(exchange, joinParams(params, exchange.query));
      ({ status } = exchange);
    } catch (thrown) {
      ({ status } = toAppError(thrown));
      throw thrown;
    } finally {
      // A stream of pictures counts as answered once it has begun.
      const seconds = (performance.now() - exchange.startedAtMs) / 1000;
      metrics.observeRequest(operation.name, status, seconds);
    }
  }

  async #runJson(
    exchange: Exchange,
    request: JsonRequest,
    reader: BodyReader | null,
  ): Promise<void> {
    const { operation, params, options } = request;
    const { dispatcher, limits } = this.#deps;
    const answer = await dispatcher.run(operation, async () => {
      if (reader !== null) checkContentLength(exchange, limits.jsonBodyBytes);
      reader?.release();
      const bytes = reader === null ? NO_BODY_BYTES : await reader.bytes;
      if (options !== null && operation.upload?.isFile(bytes) === true)
        return open(exchange, await dispatcher.upload(operation, params, bytes, options));
      const given = bytes.length === 0 ? undefined : this.#parseBody(exchange, operation, bytes);
      const body = operation.body !== null && given === undefined ? {} : given;
      return open(exchange, await dispatcher.carryOut(operation, { params, body }, options));
    });
    this.#answer(exchange, request, answer);
  }

  #parseBody(exchange: Exchange, operation: JsonOperation, bytes: Uint8Array): unknown {
    const mediaType = mediaTypeOf(exchange);
    if (!JSON_MEDIA_TYPE.test(mediaType)) {
      const upload =
        operation.upload === null ? '' : `, or bytes as ${operation.upload.mediaTypes.join(', ')}`;
      throw new AppError(
        'SM_REQUEST_MEDIA_TYPE',
        `Send the body as application/json${upload}, not as ${mediaType || 'nothing'}: set the header Content-Type.`,
      );
    }
    const value = parseJson(bytes, this.#deps.limits);
    if (hintsAtReservedName(bytes)) refuseReservedNames(value);
    return value;
  }

  async #runUpload(exchange: Exchange, request: JsonRequest, reader: BodyReader): Promise<void> {
    const { operation, params, options } = request;
    const { dispatcher, limits } = this.#deps;
    const answer = await dispatcher.run(operation, async () => {
      checkContentLength(exchange, limits.uploadBytes);
      const wantedBytes = announcedBytes(exchange) ?? limits.uploadBytes;
      if (this.#uploadBytes + wantedBytes > limits.uploadsInFlight * limits.uploadBytes) {
        throw new RetryLaterError(
          `Uploads of ${this.#uploadBytes} bytes are being taken in, which leaves no room for this one. Try again in a moment.`,
          1,
        );
      }
      this.#uploadBytes += wantedBytes;
      try {
        reader.release();
        const bytes = await reader.bytes;
        if (options === null) throw new Error(`${operation.name} changes nothing`);
        return open(exchange, await dispatcher.upload(operation, params, bytes, options));
      } finally {
        this.#uploadBytes -= wantedBytes;
      }
    });
    this.#answer(exchange, request, answer);
  }

  #answer(exchange: Exchange, { operation, options }: JsonRequest, answer: Answer): void {
    const { dispatcher } = this.#deps;
    const { status, value, location } = answer;
    const headers: Header[] = location === null ? [] : [['Location', location]];
    if (options !== null && !options.dryRun && !dispatcher.isDurable)
      headers.push(['Stream-Manager-Durable', 'false']);
    if (status === 204) {
      exchange.send(status, headers, null);
      return;
    }
    const json = JSON.stringify(value);
    if (options !== null) {
      // What was only tried out is no resource.
      const etag = options.dryRun ? null : dispatcher.etagOf(operation, value);
      if (etag !== null) headers.push(['ETag', etag]);
      exchange.sendJsonText(status, json, [['Cache-Control', 'no-store'], ...headers]);
      return;
    }
    const { isVersioned } = operation;
    const etag = isVersioned ? etagOf(json) : (dispatcher.etagOf(operation, value) ?? '');
    headers.push(['ETag', etag], ['Cache-Control', 'private, no-cache']);
    const known = isVersioned ? exchange.header('if-none-match') : '';
    if (known !== '' && namesEtag(known, etag, true)) exchange.send(304, headers, null);
    else exchange.sendJsonText(status, json, headers);
  }
}
