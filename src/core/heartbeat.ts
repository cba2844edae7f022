import { Starvation } from './starvation.js';
import { systemThreadId } from './thread-time.js';

/**
 * A counter in shared memory by which a thread shows that it goes on, and a word by which tests have it fail.
 *
 * | word  | writer           | readers          |
 * |-------|------------------|------------------|
 * | BEATS | the thread       | its supervisor   |
 * | WAITS | the thread       | its supervisor   |
 * | FAULT | tests            | the thread       |
 * | ID    | the thread       | its supervisor   |
 *
 * Each is a single word that stands for itself, so their order does not matter.
 */
export type Heartbeat = Int32Array<SharedArrayBuffer>;

const BEATS = 0;
const WAITS = 1;
const FAULT = 2;
const ID = 3;
const WORDS = 4;

/** How often a thread beats, milliseconds. */
export const HEARTBEAT_MS = 100;

/** What tests have a thread do: end with an error, turn in circles, or stand still. */
export const THREAD_FAULTS = ['crash', 'hang', 'freeze'] as const;
export type ThreadFault = (typeof THREAD_FAULTS)[number];

export function createHeartbeat(): Heartbeat {
  return new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
}

/** See `Supervised.beats`. */
export function beatsOf(heartbeat: Heartbeat): number | null {
  return Atomics.load(heartbeat, WAITS) === 1 ? null : Atomics.load(heartbeat, BEATS);
}

/** How long the thread waits for a processor; see `Supervised.starvedMs`. */
export function starvationOf(heartbeat: Heartbeat): Starvation {
  return Starvation.ofThread(() => Atomics.load(heartbeat, ID));
}

/** Has the thread fail with its next beat. */
export function injectFault(heartbeat: Heartbeat, fault: ThreadFault): void {
  Atomics.store(heartbeat, FAULT, THREAD_FAULTS.indexOf(fault) + 1);
}

/** Beats from now on, for as long as the event loop of this thread turns. Does not keep the thread running. */
export function beat(heartbeat: Heartbeat): void {
  Atomics.store(heartbeat, ID, systemThreadId());
  setInterval(() => {
    beatOnce(heartbeat);
  }, HEARTBEAT_MS).unref();
}

/** For a thread that has no event loop: to be called at least once a second. */
export function beatOnce(heartbeat: Heartbeat): void {
  Atomics.add(heartbeat, BEATS, 1);
  const fault = THREAD_FAULTS[Atomics.load(heartbeat, FAULT) - 1];
  if (fault !== undefined) fail(fault, heartbeat);
}

/** Does something that may have to wait for somebody who is not ours: meanwhile its silence means nothing. */
export function whileWaiting(heartbeat: Heartbeat, action: () => void): void {
  Atomics.store(heartbeat, WAITS, 1);
  action();
  Atomics.store(heartbeat, WAITS, 0);
}

function fail(fault: ThreadFault, heartbeat: Heartbeat): void {
  if (fault === 'crash') throw new Error('A test has ended this thread.');
  if (fault === 'freeze') Atomics.wait(heartbeat, FAULT, THREAD_FAULTS.indexOf(fault) + 1);
  for (;;);
}
