import { AppError, toAppError } from '../core/errors.js';
import { bearerToken } from './auth.js';
import type { Resources } from './etag.js';
import type { Exchange } from './exchange.js';
import type { Gate } from './gate.js';
import type { ApiLimits } from './limits.js';
import type { Operation, RawOperation } from './operation.js';
import type { OriginGuard } from './origin-guard.js';
import type { MetricsService } from './ports.js';
import type { Requests } from './requests.js';
import { joinParams, RestRequest } from './rest-request.js';
import { Router, type RouteMatch } from './router.js';
import { UploadRoom } from './upload-room.js';

export type RestDeps = {
  readonly operations: readonly Operation[];
  readonly requests: Requests;
  readonly resources: Resources;
  readonly gate: Gate;
  readonly guard: OriginGuard;
  readonly metrics: MetricsService;
  readonly limits: ApiLimits;
};

function allowOf(match: RouteMatch<Operation>): string {
  const { methods } = match;
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/** Answers HTTP requests: finds the operation, and hands the request to the steps that all of them go through. */
export class Rest {
  readonly #deps: RestDeps;
  readonly #router = new Router<Operation>();
  readonly #room: UploadRoom;

  constructor(deps: RestDeps) {
    this.#deps = deps;
    this.#room = new UploadRoom(deps.limits);
    for (const operation of deps.operations) {
      this.#router.add(operation.method, operation.path, operation);
    }
  }

  /** Must be called before anything is awaited: the body begins to flow at once. Never throws. */
  async handle(exchange: Exchange): Promise<void> {
    let name = 'unknown';
    let request: RestRequest | null = null;
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
        const { requests, gate, limits, resources } = this.#deps;
        const room = this.#room;
        const parts = { exchange, operation, pathParams: params, gate, limits, room, resources };
        request = new RestRequest(parts);
        await requests.handle(request);
      }
    } catch (thrown) {
      exchange.sendProblem(this.#deps.requests.report(name, thrown));
    } finally {
      request?.end();
    }
  }

  #find(exchange: Exchange): RouteMatch<Operation> {
    const match = this.#router.find(exchange.path);
    if (match !== null) return match;
    throw new AppError(
      'SM_ROUTE_UNKNOWN',
      `There is no resource at ${exchange.path}. /docs lists all paths.`,
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
      `${exchange.path} does not allow ${exchange.method}. Allowed methods: ${allowOf(match)}.`,
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

  async #runRaw(
    exchange: Exchange,
    operation: RawOperation,
    params: Record<string, string>,
  ): Promise<void> {
    const { gate, metrics } = this.#deps;
    let status = 0;
    try {
      const { remoteAddress } = exchange;
      if (operation.open) {
        if (operation.isCounted) await gate.countPage(remoteAddress);
      } else {
        const token = bearerToken(exchange.header('authorization'));
        const identity = await gate.identify(remoteAddress, token);
        if (operation.isCounted) await gate.count(identity, remoteAddress);
      }
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
}
