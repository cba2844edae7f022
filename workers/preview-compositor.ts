import { parentPort, workerData } from 'node:worker_threads';
import { PreviewCompositorThread } from '../src/preview-compositor/preview-compositor-thread.js';
import type { PreviewCompositorInit } from '../src/preview-compositor/contract.js';
import type { ToCompositor } from '../src/compositor/contract.js';
import { beat } from '../src/core/heartbeat.js';
import { createLogger } from '../src/core/logger.js';
import type { ThreadData } from '../src/core/supervised-thread.js';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import { lowerThreadPriority } from '../src/core/thread-priority.js';

/** Entry of the thread of the preview compositor. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
const port = parentPort;
const { init, heartbeat } = workerData as ThreadData<PreviewCompositorInit>;
lowerThreadPriority(init.niceness);
answerThreadMemory(init.name);
beat(heartbeat);
const compositor = new PreviewCompositorThread(
  init,
  createLogger(init.logLevel, init.name),
  (message) => {
    port.postMessage(message);
    if (message.type === 'closed') port.close();
  },
);
port.on('message', (message: ToCompositor) => {
  compositor.handle(message);
});
