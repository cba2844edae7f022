import { parentPort, workerData } from 'node:worker_threads';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import { runPreviewThread } from '../src/preview/preview-thread.js';
import type { PreviewInit } from '../src/preview/contract.js';

/** Entry of the preview thread. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
answerThreadMemory('preview');
runPreviewThread(parentPort, workerData as PreviewInit);
