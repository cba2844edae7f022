import { parentPort, workerData } from 'node:worker_threads';
import { sharedLogRing } from '../src/core/log-ring.js';
import { writeLog } from '../src/core/log-writer.js';
import type { ThreadData } from '../src/core/supervised-thread.js';

/** Entry of the thread that writes the log. */

const ring = sharedLogRing();
if (parentPort === null || ring === null)
  throw new Error('This file is started as a thread, not as a program.');
const { heartbeat } = workerData as ThreadData<null>;
parentPort.postMessage({ type: 'ready' });
writeLog(ring, heartbeat);
