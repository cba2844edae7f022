import { getPriority, setPriority } from 'node:os';

/** Niceness of threads whose work may wait for that of the program. */
export const BACKGROUND_NICENESS = 10;

const MOST_NICENESS = 19;

/**
 * How much nicer an encoder is than the threads that make its frames: those are late by milliseconds, it has a queue. With 2, a
 * processor that other programs keep busy cost three times as many frames as with 0, with 1 no more.
 */
export const ENCODER_NICENESS = 1;

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

/**
 * Lets a child process that was just started, with all its threads, wait a little for the calling thread and those of its
 * priority: where both want the processor, it gets four fifths as much of it with `by` 1.
 * @param by 0 to 19, more than the calling thread
 */
export function lowerChildPriority(pid: number, by: number): void {
  try {
    setPriority(pid, Math.min(MOST_NICENESS, getPriority() + by));
  } catch {
    // It has ended by itself, which whoever started it is told.
  }
}

function lower(niceness: number): void {
  if (niceness > getPriority()) setPriority(niceness);
}
