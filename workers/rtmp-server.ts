import { parentPort, workerData } from 'node:worker_threads';
import { runRtmpServerThread } from '../src/output/rtmp-server/thread.js';

if (parentPort === null) throw new Error('This file is the entry of a thread.');
await runRtmpServerThread(parentPort, workerData);
