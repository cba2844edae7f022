import { beatsInPool, type PoolBeats } from '../core/pool-beats.js';
import type { PoolPolicy } from '../core/policies.js';

/** How often is looked for signs of life, milliseconds. */
const CHECK_MS = 200;

/** A thread of a pool. */
type PoolThread = { readonly threadId: number; terminate(): Promise<number> };

export type PoolWatchOptions = {
  readonly policy: PoolPolicy;
  readonly beats: PoolBeats;
  /** Those that are alive, starting or not. */
  readonly threads: () => readonly PoolThread[];
  /** One gives no sign of life, and is being ended. */
  readonly onHung: () => void;
};

/**
 * Ends threads of a pool that hang, which the pool then replaces. Time is counted in turns of a timer, as by the
 * `Supervisor`. The function that is answered ends that.
 */
export function watchPool({ policy, beats, threads, onHung }: PoolWatchOptions): () => void {
  let silences = new Map<number, { readonly beats: number | null; readonly turns: number }>();
  const timer = setInterval(() => {
    const next: typeof silences = new Map();
    for (const thread of threads()) {
      const { threadId } = thread;
      const newest = beatsInPool(beats, threadId);
      const before = silences.get(threadId);
      const turns = before?.beats === newest ? before.turns + 1 : 0;
      next.set(threadId, { beats: newest, turns });
      if (turns * CHECK_MS !== (newest === null ? policy.readyMs : policy.hangMs)) continue;
      onHung();
      void thread.terminate();
    }
    silences = next;
  }, CHECK_MS).unref();
  return () => {
    clearInterval(timer);
  };
}
