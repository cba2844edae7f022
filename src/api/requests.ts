import { toAppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { AppError } from '../core/errors.js';
import type { StateStore } from '../state/port.js';
import type { Identity } from './auth.js';
import type { CallInput } from './call-input.js';
import { type CallOptions, isChange } from './call-options.js';
import { type Call, carryOut } from './carry-out.js';
import type { OperationContext } from './context.js';
import type { Resources } from './etag.js';
import { fingerprintOf, type IdempotencyKeys, type Outcome } from './idempotency.js';
import type { Answer, JsonOperation } from './operation.js';
import type { MetricsService } from './ports.js';

/** What is asked for, once it has been read. */
export type ReadRequest = {
  readonly input: CallInput;
  /** Null: it changes nothing. */
  readonly options: CallOptions | null;
};

/** What has come of a request. */
export type Done = {
  readonly operation: JsonOperation;
  readonly options: CallOptions | null;
  readonly answer: Answer;
  /** False: it is a change that a crash would undo. */
  readonly isDurable: boolean;
};

/** A request as one transport (REST, JSON-RPC, the service itself) brings it. Each step is asked for when it is due. */
export interface Request<T> {
  /** @throws AppError SM_AUTH_* */
  authenticate(): Identity | Promise<Identity>;
  /** Counts it against what its sender may send. @throws RetryLaterError */
  limit(identity: Identity): Promise<void> | void;
  /** The operation that is asked for. @throws AppError SM_METHOD_UNKNOWN */
  find(): JsonOperation;
  /** Takes in body and options, within their limits. @throws AppError SM_REQUEST_* */
  read(operation: JsonOperation, identity: Identity): Promise<ReadRequest> | ReadRequest;
  /** The answer, or the refusal, is that of an earlier request with the same key. */
  onReplay(): void;
  respond(done: Done): T;
}

export type RequestsDeps = {
  readonly keys: IdempotencyKeys;
  readonly resources: Resources;
  /** For operations that read, and for those that change something. */
  readonly contexts: { readonly read: OperationContext; readonly change: OperationContext };
  /** Carries a call out on a copy of the state, and reports what it would bring with it. */
  readonly tryOut: (call: Call) => Promise<Answer>;
  readonly store: Pick<StateStore, 'persistence'>;
  readonly metrics: MetricsService;
  readonly logger: Logger;
};

/** The way of every request, over REST and JSON-RPC alike; and the count of them. */
export class Requests {
  readonly #deps: RequestsDeps;

  constructor(deps: RequestsDeps) {
    this.#deps = deps;
  }

  /**
   * authenticate → limit → idempotency → preconditions → validate → run → respond. The last three before `respond` are
   * in `carry-out.ts`, since the operations of a batch go through them, too. @throws AppError from whichever step
   */
  async handle<T>(request: Request<T>): Promise<T> {
    const identity = await request.authenticate();
    await request.limit(identity);
    const operation = request.find();
    const done = await this.#measured(operation, async () => {
      const { input, options } = await request.read(operation, identity);
      const call = { operation, input, ifMatch: options?.ifMatch ?? null };
      const outcome = await this.#once(call, options, () => this.#carryOut(call, options));
      if (outcome.isReplay) request.onReplay();
      const answer = outcome.answer();
      const isLost = options !== null && !options.dryRun && !this.#deps.store.persistence.durable;
      return { operation, options, answer, isDurable: !isLost };
    });
    return request.respond(done);
  }

  /** Any thrown value as an error to answer with; what is our own mistake goes to the log with all there is. */
  report(name: string, thrown: unknown): AppError {
    const error = toAppError(thrown);
    const { logger } = this.#deps;
    if (error.code === 'SM_INTERNAL') {
      logger.error(
        { operation: name, err: error.cause ?? error },
        'a request failed with an internal error',
      );
    } else if (error.status >= 500) {
      logger.warn({ operation: name, code: error.code, reason: error.message }, 'a request failed');
    }
    return error;
  }

  /** A call that comes again with its key is answered as the first time. */
  #once(
    { operation, input }: Call,
    options: CallOptions | null,
    work: () => Promise<Answer>,
  ): Promise<Outcome> {
    const key = options?.idempotencyKey ?? null;
    if (options === null || key === null) return first(work);
    const { subject, ifMatch, dryRun } = options;
    const { params, body, bytes } = input;
    const fingerprint = fingerprintOf(operation.name, ifMatch, dryRun, params, bytes ?? body);
    return this.#deps.keys.once(`${subject} ${key}`, fingerprint, work);
  }

  async #carryOut(call: Call, options: CallOptions | null): Promise<Answer> {
    const { resources, contexts, tryOut } = this.#deps;
    if (options?.dryRun === true) return tryOut(call);
    const context = isChange(call.operation.method) ? contexts.change : contexts.read;
    return carryOut(resources, context, call);
  }

  /** Counts an operation by the status it was answered with, and the time that took. */
  async #measured(operation: JsonOperation, work: () => Promise<Done>): Promise<Done> {
    const startedAtMs = performance.now();
    let { status }: { status: number } = operation;
    try {
      const done = await work();
      ({ status } = done.answer);
      return done;
    } catch (thrown) {
      ({ status } = toAppError(thrown));
      throw thrown;
    } finally {
      const seconds = (performance.now() - startedAtMs) / 1000;
      this.#deps.metrics.observeRequest(operation.name, status, seconds);
    }
  }
}

async function first(work: () => Promise<Answer>): Promise<Outcome> {
  const answer = await work();
  return { isReplay: false, answer: () => answer };
}
