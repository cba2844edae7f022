import { parentPort, workerData } from 'node:worker_threads';
import type { StillInit } from '../src/still/protocol.js';
import { runStillThread } from '../src/still/still-thread.js';

/** Entry of the thread that renders stills. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
runStillThread(parentPort, workerData as StillInit);
