import { AppError, toAppError } from '../core/errors.js';
import type { Command } from '../state/command.js';
import type { ServiceState } from '../state/model.js';
import type { StateStore } from '../state/port.js';
import { createScratchStore } from '../state/scratch-store.js';
import { type CallInput, splitInput } from './call-input.js';
import { takeOptions } from './call-options.js';
import { Resources } from './etag.js';
import type { JsonOperation, Operation } from './operation.js';

/** What operations need to be carried out on another state and at another time than those of now. */
export type TrialDeps = { readonly store: StateStore; readonly now: () => number };

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
  readonly before: ServiceState;
  readonly after: ServiceState;
};

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
    `Nothing was changed, because of operation ${index} (${method}): ${error.message}`,
    fields,
    { cause: error },
  );
}

/** Carries operations out on a copy of the state, so that their outcome can be looked at before it counts. */
export class Trials {
  readonly #createOperations: (deps: TrialDeps) => readonly Operation[];
  readonly #measureTicker: StateStore['measureTicker'];

  /** @param measureTicker - that of the real store, so that a trial comes to the same */
  constructor(
    createOperations: (deps: TrialDeps) => readonly Operation[],
    measureTicker: StateStore['measureTicker'],
  ) {
    this.#createOperations = createOperations;
    this.#measureTicker = measureTicker;
  }

  /**
   * Carries out operations one after the other, each on what those before it have left.
   * @throws AppError what the first one that does not fit throws, with its place in the list
   */
  async run(before: ServiceState, nowMs: number, calls: readonly BatchCall[]): Promise<Trial> {
    const { store, resources, byName } = this.#prepare(before, nowMs);
    const results: unknown[] = [];
    for (const [index, call] of calls.entries()) {
      try {
        const operation = byName.get(call.method);
        if (operation?.transactional !== true) throw unknownMethod(call.method, byName);
        const { input, options } = takeOptions(call.params, '');
        const { params, body } = splitInput(operation, input);
        const { ifMatch, dryRun, idempotencyKey } = options;
        if (dryRun || idempotencyKey !== null) throw ofWholeBatch();
        if (ifMatch !== null) resources.check(operation, params, ifMatch);
        results.push((await operation.invoke(params, body)).value);
      } catch (thrown) {
        throw placed(thrown, call, index);
      }
    }
    return { results, commands: [...store.commands], before, after: store.state };
  }

  /** Tries out one operation. @throws AppError what it throws */
  async runOne(
    before: ServiceState,
    nowMs: number,
    name: string,
    { params, body }: CallInput,
    ifMatch: string | null,
  ): Promise<Trial> {
    const { store, resources, byName } = this.#prepare(before, nowMs);
    const operation = byName.get(name);
    if (operation === undefined) throw new Error(`${name} can not be tried out`);
    if (ifMatch !== null) resources.check(operation, params, ifMatch);
    const { value } = await operation.invoke(params, body);
    return { results: [value], commands: [...store.commands], before, after: store.state };
  }

  #prepare(
    before: ServiceState,
    nowMs: number,
  ): {
    store: ReturnType<typeof createScratchStore>;
    resources: Resources;
    byName: ReadonlyMap<string, JsonOperation>;
  } {
    const store = createScratchStore(before, this.#measureTicker);
    const operations = this.#createOperations({ store, now: () => nowMs });
    const byName = new Map(
      operations.flatMap((one) => (one.kind === 'json' ? [[one.name, one]] : [])),
    );
    return { store, resources: new Resources(operations), byName };
  }
}

function unknownMethod(method: string, byName: ReadonlyMap<string, JsonOperation>): AppError {
  const names = [...byName.values()].filter((one) => one.transactional).map(({ name }) => name);
  return new AppError(
    'SM_METHOD_UNKNOWN',
    `"${method}" can not be part of a batch. These can: ${names.join(', ')}.`,
  );
}

function ofWholeBatch(): AppError {
  return new AppError(
    'SM_REQUEST_INVALID',
    'dryRun and idempotencyKey are given with the whole batch, not with an operation of it.',
  );
}
