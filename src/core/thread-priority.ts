import { getPriority, setPriority } from 'node:os';

/** Niceness of threads whose work may wait for that of the program. */
export const BACKGROUND_NICENESS = 10;

/**
 * Lets the calling thread, and those that it starts from now on, wait for others that want the processor. Only on
 * Linux, where a thread has a priority of its own (`man 2 setpriority`, "C library/kernel differences"): elsewhere
 * it would be the whole process.
 * @param niceness 0 to 19. One that is as nice or nicer already is left as it is: only root may go back.
 */
export function lowerThreadPriority(niceness: number): void {
  if (process.platform === 'linux') lower(niceness);
}

/** The same for the calling process, before it starts threads, on every system. */
export function lowerProcessPriority(niceness: number): void {
  lower(niceness);
}

function lower(niceness: number): void {
  if (niceness > getPriority()) setPriority(niceness);
}
