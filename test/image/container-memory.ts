import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the system charges to a container. */
export type ContainerMemory = {
  /** What its processes hold now, and files in memory, but not the page cache, which goes when room is needed, bytes. */
  readonly heldBytes: number;
  /** The most that was charged at once, page cache included, bytes: no more than its limit. */
  readonly peakBytes: number;
  /** Processes that were killed because the limit was reached. */
  readonly killed: number;
};

/** Where the two versions of control groups say it; see cgroups(7). */
const VERSIONS = [
  {
    folder: '/sys/fs/cgroup/memory',
    usage: 'memory.usage_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    kills: 'memory.oom_control',
    cache: ['total_active_file', 'total_inactive_file'],
  },
  {
    folder: '/sys/fs/cgroup',
    usage: 'memory.current',
    peak: 'memory.peak',
    kills: 'memory.events',
    cache: ['active_file', 'inactive_file'],
  },
] as const;

/** Reads what is charged to the control group of a name. @throws Error when there is none */
export function readContainerMemory(name: string): ContainerMemory {
  const version = VERSIONS.find(({ folder }) => existsSync(join(folder, name)));
  if (version === undefined) throw new Error(`There is no control group ${name}.`);
  const read = (file: string): string => readFileSync(join(version.folder, name, file), 'utf8');
  const field = (file: string, key: string): number =>
    Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(read(file))?.[1] ?? Number.NaN);
  const cached = version.cache.reduce((sum, key) => sum + field('memory.stat', key), 0);
  return {
    heldBytes: Number(read(version.usage)) - cached,
    peakBytes: Number(read(version.peak)),
    killed: field(version.kills, 'oom_kill'),
  };
}
