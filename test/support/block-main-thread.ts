import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a service with `--import`: at every SIGWINCH, which means nothing to the service, its main thread does
 * nothing for two seconds, as a long computation would have it, and says when that is over.
 */
const BLOCK_MS = 2000;

if (isMainThread) {
  process.on('SIGWINCH', () => {
    const never = new Int32Array(new SharedArrayBuffer(4));
    const startedAtMs = performance.now();
    Atomics.wait(never, 0, 0, BLOCK_MS);
    writeSync(1, `blocked for ${Math.round(performance.now() - startedAtMs)} ms\n`);
  });
}
