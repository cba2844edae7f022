import { parentPort, workerData } from 'node:worker_threads';
import { beat } from '../src/core/heartbeat.js';
import { createLogger } from '../src/core/logger.js';
import type { ThreadData } from '../src/core/supervised-thread.js';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import type { IngestInit, ToIngest } from '../src/ingest/contract.js';
import { IngestThread } from '../src/ingest/ingest-thread.js';

/** Entry of the ingest thread. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
const port = parentPort;
const { init, heartbeat } = workerData as ThreadData<IngestInit>;
answerThreadMemory('ingest');
beat(heartbeat);
const ingest = await IngestThread.open(init, createLogger(init.logLevel, 'ingest'), (message) => {
  port.postMessage(message);
  if (message.type === 'closed') port.close();
});
port.on('message', (message: ToIngest) => {
  ingest.handle(message);
});
