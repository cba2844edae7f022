import { parentPort, workerData } from 'node:worker_threads';
import { beat } from '../src/core/heartbeat.js';
import type { ThreadData } from '../src/core/supervised-thread.js';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import type { PreviewInit } from '../src/preview/contract.js';
import { runPreviewThread } from '../src/preview/preview-thread.js';

/** Entry of the preview thread. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
const { init, heartbeat } = workerData as ThreadData<PreviewInit>;
answerThreadMemory('preview');
beat(heartbeat);
runPreviewThread(parentPort, init);
