import { readCpuSeconds } from '../core/process-cpu.js';

/** Adds up the processor time of child processes, over their ends: what one used before its last look is kept. */
export class ChildCpu {
  readonly #onChange: (pids: readonly number[]) => void;
  readonly #running = new Map<number, number>();
  #endedSeconds = 0;

  /** @param onChange - told which processes run, whenever one has been started or has ended */
  constructor(onChange: (pids: readonly number[]) => void) {
    this.#onChange = onChange;
  }

  /** Counts a process in; null counts nothing. Returns the function to call when it has ended. */
  track(pid: number | null): () => void {
    if (pid === null) return () => undefined;
    this.#running.set(pid, 0);
    this.#onChange([...this.#running.keys()]);
    return () => {
      this.#endedSeconds += this.#running.get(pid) ?? 0;
      this.#running.delete(pid);
      this.#onChange([...this.#running.keys()]);
    };
  }

  /** Processor seconds used so far; null where the system does not tell. */
  seconds(): number | null {
    if (process.platform !== 'linux') return null;
    let sum = this.#endedSeconds;
    for (const [pid, last] of this.#running) {
      const seconds = readCpuSeconds(pid) ?? last;
      this.#running.set(pid, seconds);
      sum += seconds;
    }
    return sum;
  }
}
