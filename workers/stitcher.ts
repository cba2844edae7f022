import { parentPort, workerData } from 'node:worker_threads';
import { createLogger } from '../src/core/logger.js';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import { lowerThreadPriority } from '../src/core/thread-priority.js';
import type { StitcherInit, ToStitcher } from '../src/program/protocol.js';
import { Stitcher } from '../src/program/stitcher.js';

/** Entry of the stitcher thread. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
const port = parentPort;
const init = workerData as StitcherInit;
lowerThreadPriority(init.niceness);
answerThreadMemory(init.name);
const stitcher = new Stitcher(init, createLogger(init.logLevel, init.name), (message) => {
  port.postMessage(message);
  if (message.type === 'closed') port.close();
});
port.on('message', (message: ToStitcher) => {
  stitcher.handle(message);
});
