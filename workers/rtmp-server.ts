import { parentPort, workerData } from 'node:worker_threads';
import { beat } from '../src/core/heartbeat.js';
import type { ThreadData } from '../src/core/supervised-thread.js';
import { answerThreadMemory } from '../src/core/thread-memory.js';
import type { RtmpServerInit } from '../src/output/rtmp-server/protocol.js';
import { runRtmpServerThread } from '../src/output/rtmp-server/thread.js';

/** Entry of the thread of the RTMP server. */

if (parentPort === null) throw new Error('This file is started as a thread, not as a program.');
const { init, heartbeat } = workerData as ThreadData<RtmpServerInit>;
answerThreadMemory('rtmp-server');
beat(heartbeat);
await runRtmpServerThread(parentPort, init);
