import { writeSync } from 'node:fs';
import { setEnvironmentData } from 'node:worker_threads';
import { beatOnce, whileWaiting, type Heartbeat } from './heartbeat.js';
import { LOG_RING_KEY, LogRing } from './log-ring.js';
import { createLogger, type LogLevel } from './logger.js';
import { POLICIES } from './policies.js';
import { startSupervisedThread } from './supervised-thread.js';
import { Supervisor } from './supervisor.js';

/** How long the end of the process waits for its last lines, milliseconds. */
const DRAIN_MS = 500;
const AGAIN_MS = 5;
const IDLE_MS = 1000;

/** What watches the thread that writes the log. */
export type LogWriter = Pick<Supervisor<never>, 'trouble'>;

/**
 * Starts the thread that writes the log of this process to standard output, for as long as the process runs. To be
 * called once, before any other logger is made and any other thread started.
 */
export function startLogWriter(logLevel: LogLevel): LogWriter {
  const ring = new LogRing();
  setEnvironmentData(LOG_RING_KEY, ring.buffer);
  const supervisor = new Supervisor({
    policy: POLICIES.logWriter,
    logger: createLogger(logLevel, 'log'),
    start: () =>
      startSupervisedThread<null, never, { readonly type: 'ready' }>({
        entry: 'log-writer',
        init: null,
        isHeld: false,
        onMessage: () => undefined,
        onError: () => undefined,
      }),
    onReady: () => undefined,
    onEnded: () => undefined,
  });
  supervisor.start();
  process.on('exit', () => {
    // The writer waits for a reader that does not read, and Node.js for the writer: nothing else ends it.
    if (!ring.drain(DRAIN_MS)) process.kill(process.pid, 'SIGKILL');
  });
  return supervisor;
}

/** The life of the thread: writes lines as they come, and is the only one who waits for their reader. */
export function writeLog(ring: LogRing, heartbeat: Heartbeat): never {
  for (;;) {
    beatOnce(heartbeat);
    const line = ring.take(IDLE_MS);
    if (line === null) continue;
    whileWaiting(heartbeat, () => {
      writeWhole(line);
    });
    ring.written(line);
  }
}

function writeWhole(line: Buffer): void {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  for (let from = 0; from < line.length;) {
    try {
      from += writeSync(1, line, from);
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      // Nobody reads any more.
      if (!isFull) return;
      Atomics.wait(nobody, 0, 0, AGAIN_MS);
    }
  }
}
