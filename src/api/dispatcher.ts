import { z } from 'zod';
import { AppError, toAppError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { Answer, JsonOperation, Operation } from './operation.js';
import type { MetricsService } from './ports.js';

/** Divides the one object of a JSON-RPC call into what stands in a REST address and what in its body. */
function splitInput(
  operation: JsonOperation,
  input: Readonly<Record<string, unknown>>,
): { params: unknown; body: unknown } {
  const { params: schema, body: bodySchema } = operation;
  if (bodySchema === null) return { params: input, body: undefined };
  const inBody = bodySchema instanceof z.ZodObject ? bodySchema.shape : {};
  const entries = Object.entries(input);
  return {
    params: Object.fromEntries(entries.filter(([name]) => Object.hasOwn(schema.shape, name))),
    body: Object.fromEntries(
      entries.filter(([name]) => !Object.hasOwn(schema.shape, name) || Object.hasOwn(inBody, name)),
    ),
  };
}

/** Carries out operations by name, for REST and JSON-RPC alike, and keeps count of them. */
export class Dispatcher {
  readonly #byName: ReadonlyMap<string, JsonOperation>;
  readonly #metrics: MetricsService;
  readonly #logger: Logger;

  constructor(operations: readonly Operation[], metrics: MetricsService, logger: Logger) {
    this.#byName = new Map(
      operations.flatMap((operation) =>
        operation.kind === 'json' ? [[operation.name, operation]] : [],
      ),
    );
    this.#metrics = metrics;
    this.#logger = logger;
  }

  /** @throws AppError */
  async call(name: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    const operation = this.#byName.get(name);
    if (operation === undefined) {
      throw new AppError(
        'SM_METHOD_UNKNOWN',
        `There is no method "${name}". /docs lists the operations; events.subscribe and events.unsubscribe are the others.`,
      );
    }
    const { params, body } = splitInput(operation, input);
    try {
      return (await this.run(operation, () => operation.invoke(params, body))).value;
    } catch (thrown) {
      throw this.report(name, thrown);
    }
  }

  /** Carries out `work` as an operation, and measures it. @throws AppError */
  async run(operation: JsonOperation, work: () => Promise<Answer>): Promise<Answer> {
    const startedAtMs = performance.now();
    let { status }: { status: number } = operation;
    try {
      return await work();
    } catch (thrown) {
      ({ status } = toAppError(thrown));
      throw thrown;
    } finally {
      const seconds = (performance.now() - startedAtMs) / 1000;
      this.#metrics.observeRequest(operation.name, status, seconds);
    }
  }

  /** Any thrown value as an error to answer with; what is our own mistake goes to the log with all there is. */
  report(name: string, thrown: unknown): AppError {
    const error = toAppError(thrown);
    if (error.code === 'SM_INTERNAL') {
      this.#logger.error(
        { operation: name, err: error.cause ?? error },
        'a request failed by our own mistake',
      );
    } else if (error.status >= 500) {
      this.#logger.warn(
        { operation: name, code: error.code, reason: error.message },
        'a request failed',
      );
    }
    return error;
  }
}
