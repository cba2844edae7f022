import { parentPort, workerData } from 'node:worker_threads';
import { runPreviewThread } from '../src/preview/preview-thread.js';
import type { PreviewInit } from '../src/preview/protocol.js';

/** Entry of the preview thread. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
runPreviewThread(parentPort, workerData as PreviewInit);
