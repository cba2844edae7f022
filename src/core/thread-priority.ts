import { setPriority } from 'node:os';

/** Niceness of threads whose work may wait for that of the program. */
export const BACKGROUND_NICENESS = 10;

/**
 * Lets the calling thread, and those that it starts from now on, wait for others that want the processor. Only on
 * Linux, where a thread has a priority of its own (`man 2 setpriority`, "C library/kernel differences"): elsewhere
 * it would be the whole process.
 * @param niceness 0 to 19; 0 leaves it as it is.
 */
export function lowerThreadPriority(niceness: number): void {
  if (niceness > 0 && process.platform === 'linux') setPriority(0, niceness);
}
