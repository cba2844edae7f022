import { ASSET_JOBS } from '../../src/assets/decode-jobs.js';
import { runDecoder } from '../../src/decode/child.js';

/** A decoder process that is busy for a while, and answers in the same turn of its event loop. */
const BUSY_MS = 1500;

runDecoder(
  {
    ...ASSET_JOBS,
    writePixels: () => {
      for (const endMs = performance.now() + BUSY_MS; performance.now() < endMs;);
      return Promise.resolve(null);
    },
  },
  () => Promise.resolve(),
);
