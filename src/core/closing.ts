type CloseStep = () => Promise<void> | void;

/** Closes what was started, the last first. One step that fails does not keep the others from being taken. */
export class Closing {
  readonly #steps: CloseStep[] = [];
  #closed: Promise<void> | null = null;

  add(step: CloseStep): void {
    this.#steps.push(step);
  }

  /** Idempotent. @throws AggregateError with all failures, once every step has been taken */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, 'Some parts could not be closed properly.');
  }
}
