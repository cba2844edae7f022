import { parentPort, workerData } from 'node:worker_threads';
import { beat } from '../src/core/heartbeat.js';
import { createLogger } from '../src/core/logger.js';
import type { ThreadData } from '../src/core/supervised-thread.js';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import type { StitcherInit, ToStitcher } from '../src/stitcher/contract.js';
import { Stitcher } from '../src/stitcher/stitcher.js';

/** Entry of the stitcher thread. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
const port = parentPort;
const { init, heartbeat } = workerData as ThreadData<StitcherInit>;
answerThreadMemory('stitcher');
beat(heartbeat);
const stitcher = new Stitcher(init, createLogger(init.logLevel, 'stitcher'), (message) => {
  port.postMessage(message);
  if (message.type === 'closed') port.close();
});
port.on('message', (message: ToStitcher) => {
  stitcher.handle(message);
});
