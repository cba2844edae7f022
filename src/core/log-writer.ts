import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { getEnvironmentData, setEnvironmentData, Worker } from 'node:worker_threads';
import { LogRing } from './log-ring.js';
import { BUILD_ROOT } from './paths.js';

const KEY = 'stream-manager: log';
/** How long the end of the process waits for its last lines, milliseconds. */
const DRAIN_MS = 500;
const AGAIN_MS = 5;
const IDLE_MS = 1000;

/** The ring that this thread and all others log to; null: none writes it, and loggers write for themselves. */
export function sharedLogRing(): LogRing | null {
  const buffer = getEnvironmentData(KEY);
  return buffer instanceof SharedArrayBuffer ? new LogRing(buffer) : null;
}

/**
 * Starts the thread that writes the log of this process to standard output, for as long as the process runs. To be
 * called once, before any logger is made and any thread started.
 */
export function startLogWriter(): void {
  const ring = new LogRing();
  setEnvironmentData(KEY, ring.buffer);
  let isEnding = false;
  const start = (): void => {
    const worker = new Worker(join(BUILD_ROOT, 'workers', 'log-writer.js'), { stdout: false });
    worker.unref();
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (!isEnding) setTimeout(start, IDLE_MS).unref();
    });
  };
  start();
  process.on('exit', () => {
    isEnding = true;
    // The writer waits for a reader that does not read, and Node.js for the writer: nothing else ends it.
    if (!ring.drain(DRAIN_MS)) process.kill(process.pid, 'SIGKILL');
  });
}

/** The life of the thread: writes lines as they come, and is the only one who waits for their reader. */
export function writeLog(ring: LogRing): never {
  for (;;) {
    const line = ring.take(IDLE_MS);
    if (line === null) continue;
    writeWhole(line);
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
