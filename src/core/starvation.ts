import { readdirSync, readFileSync } from 'node:fs';

const NS_PER_MS = 1e6;

/** What the system counts of a thread. */
type Task = {
  /** Whether it runs, or would if it got a processor. */
  readonly isRunnable: boolean;
  readonly cpuNs: string;
  /** Its time in the queue for a processor, without that in which it is there now. */
  readonly waitNs: string;
};

type Seen = Task & { readonly sinceMs: number };

/**
 * How long threads have waited for a processor that others had, as Linux tells it (`/proc/…/schedstat`, sched-stats.rst). It
 * counts a wait when it is over; one that goes on is known by a thread that could run and takes no time.
 */
export class Starvation {
  readonly #folders: () => readonly string[];
  #seen: ReadonlyMap<string, Seen> = new Map();

  private constructor(folders: () => readonly string[]) {
    this.#folders = folders;
  }

  /** Of a thread of this process. @param id - answers the id that the system knows it by; 0: not known yet */
  static ofThread(id: () => number): Starvation {
    return new Starvation(() => [`/proc/self/task/${id()}`]);
  }

  /**
   * Of all threads of a process, one added to the other: work that goes from thread to thread, as in an encoder, is held up by
   * at most that. It does not grow while the process is stopped, or waits for something else.
   */
  static ofProcess(id: number): Starvation {
    const folder = `/proc/${id}/task`;
    return new Starvation(() => readdirSync(folder).map((task) => `${folder}/${task}`));
  }

  /**
   * Milliseconds so far; null where the system does not say. Less than before when a thread has ended in between. A wait that
   * goes on counts from the look that first found it.
   */
  measureMs(): number | null {
    const nowMs = performance.now();
    const before = this.#seen;
    const seen = new Map<string, Seen>();
    let waitedMs = 0;
    for (const folder of this.#list()) {
      const task = readTask(folder);
      if (task === null) continue;
      const last = before.get(folder);
      const isStill =
        last?.isRunnable === true &&
        task.isRunnable &&
        last.cpuNs === task.cpuNs &&
        last.waitNs === task.waitNs;
      const sinceMs = isStill ? last.sinceMs : nowMs;
      seen.set(folder, { ...task, sinceMs });
      waitedMs += Number(task.waitNs) / NS_PER_MS + (nowMs - sinceMs);
    }
    this.#seen = seen;
    return seen.size === 0 ? null : waitedMs;
  }

  #list(): readonly string[] {
    try {
      return this.#folders();
    } catch {
      return [];
    }
  }
}

/** Null when there is no such thread, or the system does not tell. */
function readTask(folder: string): Task | null {
  try {
    const [cpuNs, waitNs] = readFileSync(`${folder}/schedstat`, 'latin1').split(' ');
    if (cpuNs === undefined || waitNs === undefined) return null;
    const stat = readFileSync(`${folder}/stat`, 'latin1');
    // Behind the name of the thread, which may hold anything.
    const isRunnable = stat.charAt(stat.lastIndexOf(')') + 2) === 'R';
    return { isRunnable, cpuNs, waitNs };
  } catch {
    return null;
  }
}
