import { parentPort, workerData } from 'node:worker_threads';
import type { MixerInit, ToMixer } from '../src/audio/contract.js';
import { MixerThread } from '../src/audio/mixer-thread.js';
import { beat } from '../src/core/heartbeat.js';
import { createLogger } from '../src/core/logger.js';
import type { ThreadData } from '../src/core/supervised-thread.js';
import { answerThreadMemory } from '../src/core/thread-memory.js';

/** Entry of the mixer thread. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
const port = parentPort;
const { init, heartbeat } = workerData as ThreadData<MixerInit>;
answerThreadMemory('mixer');
beat(heartbeat);
const mixer = new MixerThread(init, createLogger(init.logLevel, 'mixer'), (message) => {
  port.postMessage(message);
  if (message.type === 'closed') port.close();
});
port.on('message', (message: ToMixer) => {
  mixer.handle(message);
});
