import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of the children of this process whose program has a name; none that has ended. */
export function childrenNamed(name: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const end = stat.lastIndexOf(')');
        const [state = '', parentPid = ''] = stat.slice(end + 2).split(' ');
        const program = stat.slice(stat.indexOf('(') + 1, end);
        return program === name && Number(parentPid) === process.pid && state !== 'Z';
      } catch {
        return false;
      }
    });
}
