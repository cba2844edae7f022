import { parentPort, workerData } from 'node:worker_threads';
import { beat } from '../src/core/heartbeat.js';
import type { ThreadData } from '../src/core/supervised-thread.js';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import type { StillInit } from '../src/still/contract.js';
import { runStillThread } from '../src/still/still-thread.js';

/** Entry of the thread that renders stills. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
const { init, heartbeat } = workerData as ThreadData<StillInit>;
answerThreadMemory('still');
beat(heartbeat);
runStillThread(parentPort, init);
