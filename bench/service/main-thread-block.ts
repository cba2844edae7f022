import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into the service with `--import`: on SIGWINCH its main thread stands still for two seconds, as if some
 * code of ours ran away there. The service itself knows nothing of this.
 */
export const BLOCK_MS = 2000;

if (isMainThread) {
  process.on('SIGWINCH', () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCK_MS);
  });
}
