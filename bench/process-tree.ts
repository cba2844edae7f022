import { readdir, readFile } from 'node:fs/promises';

/** Linux tells processor time in ticks of 10 ms; see proc(5). */
const TICKS_PER_SECOND = 100;

type ProcessTimes = {
  readonly pid: number;
  readonly parentPid: number;
  readonly cpuSeconds: number;
};

/** What a process and everything it has started use. */
export type TreeUsage = {
  /** Of all threads, including children that have ended and were waited for. */
  readonly cpuSeconds: number;
  readonly pids: readonly number[];
};

/** The numbers of a `stat` file of a process or thread, from its parent on; null: it has ended. */
async function readStat(path: string): Promise<number[] | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null; // It ended between the listing and now.
  }
  // The name, in parentheses, may hold blanks: the fields are counted from behind it.
  return text
    .slice(text.lastIndexOf(')') + 4)
    .split(' ')
    .map(Number);
}

function ticksToSeconds(ticks: readonly number[]): number {
  return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
}

async function readTimes(pid: number): Promise<ProcessTimes | null> {
  const fields = await readStat(`/proc/${pid}/stat`);
  if (fields === null) return null;
  const [parentPid = 0] = fields;
  return { pid, parentPid, cpuSeconds: ticksToSeconds(fields.slice(10, 14)) };
}

/** Processor time of one thread of a process; 0 when there is none of this id. */
export async function readThreadCpuSeconds(pid: number, threadId: number): Promise<number> {
  const fields = await readStat(`/proc/${pid}/task/${threadId}/stat`);
  // The times of children that follow are those of the process.
  return ticksToSeconds(fields?.slice(10, 12) ?? []);
}

/** Adds up a process and its descendants, now. A process that does not exist has used nothing. */
export async function readTreeUsage(rootPid: number): Promise<TreeUsage> {
  const names = await readdir('/proc');
  const all = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => readTimes(Number(name))),
  );
  const processes = all.filter((times) => times !== null);
  const tree = new Set([rootPid]);
  for (let size = 0; size !== tree.size;) {
    size = tree.size;
    for (const { pid, parentPid } of processes) if (tree.has(parentPid)) tree.add(pid);
  }
  const members = processes.filter(({ pid }) => tree.has(pid));
  return {
    cpuSeconds: members.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    pids: members.map(({ pid }) => pid),
  };
}

/**
 * Processor seconds that the whole machine was busy with since it started, including what the host took away. A
 * figure that was missed while others kept the machine busy says little.
 */
export async function readBusySeconds(): Promise<number> {
  const [total = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  // cpu user nice system idle iowait irq softirq steal …; guests are part of user.
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = total
    .split(/\s+/)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/**
 * Resident memory of some processes, bytes. Pages that several share, such as FFmpeg's libraries, are divided among
 * them: the sum is what the system really holds.
 */
export async function readMemoryBytes(pids: readonly number[]): Promise<number> {
  const shares = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
    }),
  );
  return shares.reduce((sum, bytes) => sum + bytes, 0);
}
