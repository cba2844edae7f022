import { readFileSync } from 'node:fs';

/** Clock ticks per second in /proc (`getconf CLK_TCK`): 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor seconds (user and system) a process has used; null when it is gone or the system does not tell. */
export function readCpuSeconds(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses and may hold anything: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : null;
  } catch {
    return null;
  }
}

/** Adds up the processor time of child processes, over their ends: what one used before its last look is kept. */
export class ChildCpu {
  readonly #running = new Map<number, number>();
  #endedSeconds = 0;

  /** Counts a process in; null counts nothing. Returns the function to call when it has ended. */
  track(pid: number | null): () => void {
    if (pid === null) return () => undefined;
    this.#running.set(pid, 0);
    return () => {
      this.#endedSeconds += this.#running.get(pid) ?? 0;
      this.#running.delete(pid);
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
