/**
 * Beats of the threads of a pool, which are started by somebody else and cannot be given a `Heartbeat` each: a thread
 * finds its words by its id.
 *
 *     { ID, BEATS } × 256, at threadId modulo 256
 *
 * | word  | writer     | readers      |
 * |-------|------------|--------------|
 * | ID    | the thread | the pool     |
 * | BEATS | the thread | the pool     |
 *
 * Each is a single word that stands for itself, so their order does not matter.
 */
export type PoolBeats = Int32Array<SharedArrayBuffer>;

const ENTRIES = 256;
const ENTRY_WORDS = 2;

/** How often a thread beats, milliseconds. */
const BEAT_MS = 100;

export function createPoolBeats(): PoolBeats {
  const words = ENTRIES * ENTRY_WORDS;
  return new Int32Array(new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT));
}

function entryOf(threadId: number): number {
  return (threadId % ENTRIES) * ENTRY_WORDS;
}

/** Beats from now on, for as long as the event loop of this thread turns. Does not keep the thread running. */
export function beatInPool(beats: PoolBeats, threadId: number): void {
  const entry = entryOf(threadId);
  Atomics.store(beats, entry, threadId);
  setInterval(() => {
    Atomics.add(beats, entry + 1, 1);
  }, BEAT_MS).unref();
}

/** Null before its first. */
export function beatsInPool(beats: PoolBeats, threadId: number): number | null {
  const entry = entryOf(threadId);
  return Atomics.load(beats, entry) === threadId ? Atomics.load(beats, entry + 1) : null;
}
