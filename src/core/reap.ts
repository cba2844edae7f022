import { setTimeout as delay } from 'node:timers/promises';
import { systemCall } from './system-calls.js';

/** Of Linux, see waitpid(2): it answers at once, 0 when the process has not ended yet. */
const WNOHANG = 1;

/** How often it is asked, and how long: what the system itself keeps from ending stays. */
const REAP = { everyMs: 50, times: 100 } as const;

const waitForChild = systemCall('int waitpid(int pid, void *status, int options)');

/**
 * Takes the ids of child processes that are ending back from the system, where the thread that started them is gone and
 * nobody else asks how they ended: else they stay as zombies. Where the system has no such call, they do.
 */
export async function reap(pids: readonly number[]): Promise<void> {
  let left = pids;
  for (let i = 0; i < REAP.times && left.length > 0; i++) {
    left = left.filter((pid) => waitForChild?.(pid, null, WNOHANG) === 0);
    await delay(REAP.everyMs, undefined, { ref: false });
  }
}
