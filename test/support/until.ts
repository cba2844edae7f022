import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 5;
/** Longer than anything takes on a machine that is busy with others. */
const TIMEOUT_MS = 30_000;

/** Waits until a condition holds. @throws Error that names `what` after `timeoutMs` */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = TIMEOUT_MS,
): Promise<void> {
  for (const endMs = performance.now() + timeoutMs; performance.now() < endMs;) {
    if (await condition()) return;
    await sleep(POLL_MS);
  }
  throw new Error(`waited ${timeoutMs / 1000} s in vain: ${what}`);
}

/** The same for a condition that names itself. */
export function eventually(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = TIMEOUT_MS,
): Promise<void> {
  return until(condition.toString(), condition, timeoutMs);
}
