import { z } from 'zod';
import { AppError, toAppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { StateStore } from '../state/port.js';
import { type CallInput, splitInput } from './call-input.js';
import { type CallOptions, isChange, takeOptions } from './call-options.js';
import type { Caller } from './caller.js';
import { fingerprintOf, type IdempotencyKeys, type Outcome } from './idempotency.js';
import type { Answer, JsonOperation, Operation } from './operation.js';
import type { MetricsService } from './ports.js';
import { validate } from './validation.js';

export type DispatcherDeps = {
  readonly operations: readonly Operation[];
  readonly caller: Caller;
  readonly keys: IdempotencyKeys;
  readonly store: StateStore;
  readonly metrics: MetricsService;
  readonly logger: Logger;
};

/** What a JSON-RPC method answers. */
export type CallResult = {
  readonly value: unknown;
  /** False: it is a change that a crash would undo. */
  readonly isDurable: boolean;
};

const WithEtagSchema = z.object({ withEtag: z.boolean().default(false) });

/** Carries out operations, for REST and JSON-RPC alike, and keeps count of them. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #byName: ReadonlyMap<string, JsonOperation>;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#byName = new Map(
      deps.operations.flatMap((operation) =>
        operation.kind === 'json' ? [[operation.name, operation]] : [],
      ),
    );
  }

  /** Whether what is answered is stored somewhere, so that a crash does not undo it. */
  get isDurable(): boolean {
    return this.#deps.store.persistence.durable;
  }

  /** Carries out an operation by its name, with the one object of a JSON-RPC call. @throws AppError */
  async call(
    name: string,
    given: Readonly<Record<string, unknown>>,
    subject: string,
  ): Promise<CallResult> {
    const operation = this.#byName.get(name);
    if (operation === undefined) {
      throw new AppError(
        'SM_METHOD_UNKNOWN',
        `There is no method "${name}". /docs lists the operations; events.subscribe and events.unsubscribe are the others.`,
      );
    }
    try {
      let isLost = false;
      const answer = await this.run(operation, async () => {
        const { withEtag } = validate(WithEtagSchema, given);
        const rest = Object.fromEntries(
          Object.entries(given).filter(([name]) => !Object.hasOwn(WithEtagSchema.shape, name)),
        );
        const { input, options } = isChange(operation.method)
          ? takeOptions(rest, subject)
          : { input: rest, options: null };
        const divided = splitInput(operation, input);
        const outcome = await this.carryOut(operation, divided, options);
        isLost = options !== null && !options.dryRun && !this.isDurable;
        const { value, ...others } = outcome.answer();
        if (!withEtag) return { value, ...others };
        return { ...others, value: { etag: this.#deps.caller.etagOf(operation, value), value } };
      });
      return { value: answer.value, isDurable: !isLost };
    } catch (thrown) {
      throw this.report(name, thrown);
    }
  }

  /** Carries out an operation as its options say; a read has none. @throws AppError */
  async carryOut(
    operation: JsonOperation,
    input: CallInput,
    options: CallOptions | null,
  ): Promise<Outcome> {
    if (options === null) return done(await operation.invoke(input.params, input.body));
    return this.#once(operation, options, [input.params, input.body], () =>
      this.#deps.caller.invoke(operation, input, options),
    );
  }

  /** Stores bytes that are sent in place of JSON. @throws AppError */
  async upload(
    operation: JsonOperation,
    params: unknown,
    bytes: Uint8Array,
    options: CallOptions,
  ): Promise<Outcome> {
    const { upload } = operation;
    if (upload === null) throw new Error(`${operation.name} takes no upload`);
    if (options.dryRun) this.#deps.caller.checkDryRun(operation);
    return this.#once(operation, options, [params, bytes], () => upload.run(params, bytes));
  }

  /** The tag of what an operation answers, when that is the resource itself; null otherwise. */
  etagOf(operation: JsonOperation, value: unknown): string | null {
    return this.#deps.caller.etagOf(operation, value);
  }

  /** Carries out `work` as an operation, and measures it. @throws AppError */
  async run<T extends Pick<Answer, 'status'>>(
    operation: JsonOperation,
    work: () => Promise<T>,
  ): Promise<T> {
    const startedAtMs = performance.now();
    let { status }: { status: number } = operation;
    try {
      const answer = await work();
      ({ status } = answer);
      return answer;
    } catch (thrown) {
      ({ status } = toAppError(thrown));
      throw thrown;
    } finally {
      const seconds = (performance.now() - startedAtMs) / 1000;
      this.#deps.metrics.observeRequest(operation.name, status, seconds);
    }
  }

  /** Any thrown value as an error to answer with; what is our own mistake goes to the log with all there is. */
  report(name: string, thrown: unknown): AppError {
    const error = toAppError(thrown);
    const { logger } = this.#deps;
    if (error.code === 'SM_INTERNAL') {
      logger.error(
        { operation: name, err: error.cause ?? error },
        'a request failed by our own mistake',
      );
    } else if (error.status >= 500) {
      logger.warn({ operation: name, code: error.code, reason: error.message }, 'a request failed');
    }
    return error;
  }

  async #once(
    { name }: JsonOperation,
    { subject, idempotencyKey, ifMatch, dryRun }: CallOptions,
    input: readonly unknown[],
    work: () => Promise<Answer>,
  ): Promise<Outcome> {
    if (idempotencyKey === null) return done(await work());
    const fingerprint = fingerprintOf(name, ifMatch, dryRun, ...input);
    return this.#deps.keys.once(`${subject} ${idempotencyKey}`, fingerprint, work);
  }
}

function done(answer: Answer): Outcome {
  return { isReplay: false, answer: () => answer };
}
