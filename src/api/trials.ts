import { AppError, toAppError } from '../core/errors.js';
import type { Command } from '../state/command.js';
import type { ServiceState } from '../state/model.js';
import { splitInput } from './call-input.js';
import { takeOptions } from './call-options.js';
import { type Call, carryOut } from './carry-out.js';
import { createTrialContext, type OperationContext } from './context.js';
import type { Resources } from './etag.js';
import type { Answer, JsonOperation } from './operation.js';
import type { DryRunReporter } from './ports.js';

/** One operation of a batch, as in JSON-RPC. */
export type BatchCall = {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
};

/** What came of operations that were tried out. */
export type Trial = {
  readonly results: readonly unknown[];
  /** What they amount to. */
  readonly commands: readonly Command[];
};

/** The one table of operations, which holds those that try others out: it is there when they are carried out. */
export type OperationTable = {
  readonly byName: ReadonlyMap<string, JsonOperation>;
  readonly resources: Resources;
};

/** Carries operations out on a copy of the state, so that their outcome can be looked at before it counts. */
export class Trials {
  readonly #table: () => OperationTable;

  constructor(table: () => OperationTable) {
    this.#table = table;
  }

  /**
   * Carries out operations one after the other on a copy of a state, each on what those before it have left.
   * @param atMs - wall-clock moment that it is to happen at
   * @throws AppError what the first one that does not fit throws, with its place in the list
   */
  async run(
    origin: OperationContext,
    before: ServiceState,
    atMs: number,
    calls: readonly BatchCall[],
  ): Promise<Trial> {
    const { byName, resources } = this.#table();
    const { context, commands } = createTrialContext(before, atMs, origin, true);
    const results: unknown[] = [];
    for (const [index, call] of calls.entries()) {
      try {
        const answer = await carryOut(resources, context, toCall(call, byName));
        results.push(answer.value);
      } catch (thrown) {
        throw placed(thrown, call, index);
      }
    }
    return { results, commands: [...commands] };
  }

  /**
   * Tries out one operation on a copy of the newest state, and answers with what it would have come to.
   * @throws AppError SM_DRY_RUN_UNSUPPORTED, and what the operation throws
   */
  async tryOut(origin: OperationContext, report: DryRunReporter, call: Call): Promise<Answer> {
    const { name, canDryRun } = call.operation;
    if (!canDryRun) {
      throw new AppError(
        'SM_DRY_RUN_UNSUPPORTED',
        `${name} does not support dry runs because it does more than change the state. Omit dryRun.`,
      );
    }
    const before = origin.state;
    const { context } = createTrialContext(before, origin.now(), origin, false);
    const { value } = await carryOut(this.#table().resources, context, call);
    const result = { dryRun: true, result: value, report: await report(before, context.state) };
    return { status: 200, value: result, location: null };
  }
}

/** @throws AppError SM_METHOD_UNKNOWN, SM_REQUEST_INVALID */
function toCall({ method, params }: BatchCall, byName: OperationTable['byName']): Call {
  const operation = byName.get(method);
  if (operation?.transactional !== true) throw unknownMethod(method, byName);
  const { input, options } = takeOptions(params, '');
  const { ifMatch, dryRun, idempotencyKey } = options;
  if (dryRun || idempotencyKey !== null) throw ofWholeBatch();
  return { operation, input: splitInput(operation, input), ifMatch };
}

/** The error of one operation of a batch, with its place in the batch. */
function placed(thrown: unknown, { method }: BatchCall, index: number): AppError {
  const error = toAppError(thrown);
  if (error.code === 'SM_INTERNAL') return error;
  const at = `/operations/${index}`;
  const fields =
    error.fields.length === 0
      ? [{ path: at, message: error.message }]
      : error.fields.map(({ path, message }) => ({ path: `${at}/params${path}`, message }));
  return new AppError(
    error.code,
    `Nothing was changed because operation ${index} (${method}) failed: ${error.message}`,
    fields,
    { cause: error },
  );
}

function unknownMethod(method: string, byName: OperationTable['byName']): AppError {
  const names = [...byName.values()].filter((one) => one.transactional).map(({ name }) => name);
  return new AppError(
    'SM_METHOD_UNKNOWN',
    `"${method}" is not allowed in a batch. Allowed operations: ${names.join(', ')}.`,
  );
}

function ofWholeBatch(): AppError {
  return new AppError(
    'SM_REQUEST_INVALID',
    'dryRun and idempotencyKey apply to the whole batch and are not allowed in a single operation.',
  );
}
