import { parentPort, workerData } from 'node:worker_threads';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import { runRtmpServerThread } from '../src/output/rtmp-server/thread.js';

if (parentPort === null) throw new Error('This file is the entry of a thread.');
answerThreadMemory('rtmp-server');
await runRtmpServerThread(parentPort, workerData);
