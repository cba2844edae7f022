/** Runs at most so many tasks at a time; the others wait in the order in which they came. */
export type Limiter = {
  /** Rejects with the signal's reason when it aborts before the task has begun; a running task minds it by itself. */
  run<T>(task: () => Promise<T>, signal: AbortSignal | null): Promise<T>;
};

/** @param limit how many tasks run at once, 1 or more */
export function createLimiter(limit: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;

  const enter = async (): Promise<void> => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
  };
  /** Hands the place on rather than freeing it, so that nobody slips in between. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  };

  return {
    async run(task, signal) {
      signal?.throwIfAborted();
      await enter();
      try {
        signal?.throwIfAborted();
        return await task();
      } finally {
        leave();
      }
    },
  };
}
