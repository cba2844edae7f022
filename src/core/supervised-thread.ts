import { Worker } from 'node:worker_threads';
import {
  beatsOf,
  createHeartbeat,
  injectFault,
  starvationOf,
  type Heartbeat,
  type ThreadFault,
} from './heartbeat.js';
import { workerEntryPath, type WorkerEntry } from './paths.js';
import type { Supervised } from './supervisor.js';

/** What every supervised thread is started with. */
export type ThreadData<Init> = { readonly init: Init; readonly heartbeat: Heartbeat };

/** A thread that says `{ type: 'ready' }` when it is, and `{ type: 'closed' }` before it ends in order. */
export type SupervisedThread<In> = Supervised & {
  /** @param moved - what of it belongs to the thread from now on */
  post(message: In, moved?: readonly ArrayBuffer[]): void;
  /** Has it fail: for tests. */
  inject(fault: ThreadFault): void;
};

export type SupervisedThreadOptions<Init, Out> = {
  readonly entry: WorkerEntry;
  readonly init: Init;
  /** Whether it keeps the process running. */
  readonly isHeld: boolean;
  readonly onMessage: (message: Out) => void;
  /** What it did not catch, and ends with. */
  readonly onError: (error: unknown) => void;
};

/** Starts a thread for a supervisor to watch. */
export function startSupervisedThread<Init, In, Out extends { readonly type: string }>({
  entry,
  init,
  isHeld,
  onMessage,
  onError,
}: SupervisedThreadOptions<Init, Out>): SupervisedThread<In> {
  const heartbeat = createHeartbeat();
  const starvation = starvationOf(heartbeat);
  const workerData: ThreadData<Init> = { init, heartbeat };
  const worker = new Worker(workerEntryPath(entry), { workerData, name: entry });
  if (!isHeld) worker.unref();
  // At its end Node.js waits for all threads, and would wait for ever for one that hangs in code of the system.
  const endByForce = (): void => void process.kill(process.pid, 'SIGKILL');
  let reason: string | null = null;
  let isEnding = false;
  const ready = new Promise<void>((resolve) => {
    worker.on('message', (message: Out) => {
      if (message.type === 'ready') resolve();
      onMessage(message);
    });
  });
  worker.on('error', (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
    onError(error);
  });
  const ended = new Promise<string | null>((resolve) => {
    worker.once('exit', () => {
      isEnding = true;
      process.off('exit', endByForce);
      resolve(reason);
    });
  });
  return {
    ready,
    ended,
    beats: () => beatsOf(heartbeat),
    starvedMs: () => starvation.measureMs(),
    kill: () => {
      if (isEnding) return;
      isEnding = true;
      process.once('exit', endByForce);
      void worker.terminate();
    },
    inject: (fault) => {
      injectFault(heartbeat, fault);
    },
    post: (message, moved = []) => {
      worker.postMessage(message, [...moved]);
    },
  };
}
