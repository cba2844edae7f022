import { AppError } from '../core/errors.js';
import type { ServiceState } from '../state/model.js';
import type { CallInput } from './call-input.js';
import type { CallOptions } from './call-options.js';
import type { Resources } from './etag.js';
import type { Answer, JsonOperation } from './operation.js';
import type { DryRunReporter } from './ports.js';
import type { Trials } from './trials.js';

export type CallerOptions = {
  /** Of the newest state there is. */
  readonly resources: Resources;
  readonly trials: Trials;
  /** The state that the next change will find. */
  readonly head: () => ServiceState;
  readonly report: DryRunReporter;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
};

/** Carries operations out as their options say: on a condition, or only on trial. */
export class Caller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** The tag of what an operation answers, when that is the resource itself; null otherwise. */
  etagOf(operation: JsonOperation, value: unknown): string | null {
    return this.#options.resources.etagOfAnswer(operation, value);
  }

  /** @throws AppError SM_PRECONDITION_FAILED, SM_DRY_RUN_UNSUPPORTED, and what the operation throws */
  async invoke(
    operation: JsonOperation,
    { params, body }: CallInput,
    { ifMatch, dryRun }: CallOptions,
  ): Promise<Answer> {
    if (dryRun) return this.#tryOut(operation, { params, body }, ifMatch);
    // An operation changes the state before it waits for anything, so nothing can come between.
    if (ifMatch !== null) this.#options.resources.check(operation, params, ifMatch);
    return operation.invoke(params, body);
  }

  /** @throws AppError SM_DRY_RUN_UNSUPPORTED */
  checkDryRun({ name, canDryRun }: JsonOperation): void {
    if (canDryRun) return;
    throw new AppError(
      'SM_DRY_RUN_UNSUPPORTED',
      `${name} does more than change the state and can not be tried out. Leave dryRun out.`,
    );
  }

  async #tryOut(
    operation: JsonOperation,
    input: CallInput,
    ifMatch: string | null,
  ): Promise<Answer> {
    this.checkDryRun(operation);
    const { trials, head, now, report } = this.#options;
    const trial = await trials.runOne(head(), now(), operation.name, input, ifMatch);
    const value = {
      dryRun: true,
      result: trial.results[0] ?? null,
      report: await report(trial.before, trial.after),
    };
    return { status: 200, value, location: null };
  }
}
