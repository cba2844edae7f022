import { sharedLogRing, writeLog } from '../src/core/log-writer.js';

/** Entry of the thread that writes the log. */

const ring = sharedLogRing();
if (ring === null) throw new Error('This file is started as a thread, not as a program.');
writeLog(ring);
