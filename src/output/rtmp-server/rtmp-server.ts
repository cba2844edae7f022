import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../core/errors.js';
import type { LogLevel, Logger } from '../../core/logger.js';
import { workerEntryPath } from '../../core/paths.js';
import { backOffMs } from '../back-off.js';
import { settlesWithin } from '../../core/settles-within.js';
import { PLAY_KEY_FIELD, RTMP_APPLICATION, RTMP_STREAM, SECRET_FIELD } from './policy.js';
import type { FromRtmpServer, RtmpServerInit, ToRtmpServer } from './protocol.js';

const CLOSE_GRACE_MS = 1500;

export type RtmpServerOptions = {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** What players must know, see `playKeyOf`; null: nothing. */
  readonly playKey: string | null;
  readonly logger: Logger;
  readonly logLevel: LogLevel;
};

/** The built-in RTMP server, in a thread of its own, as the main thread sees it. */
export interface RtmpServerHandle {
  readonly port: number;
  /** Where the service itself publishes: carries a secret, never show it. */
  readonly publishUrl: string;
  /** Where players pull, with the key if there is one. */
  readonly playUrl: string;
  /** Disconnects everybody; idempotent, bounded to two seconds. */
  close(): Promise<void>;
}

type RunningThread = {
  readonly worker: Worker;
  readonly port: number;
  readonly exited: Promise<void>;
};

/** Makes a thread that runs `workers/rtmp-server.ts`. */
export type CreateRtmpWorker = (init: RtmpServerInit) => Worker;

function createRtmpWorker(init: RtmpServerInit): Worker {
  return new Worker(workerEntryPath('rtmp-server'), { workerData: init });
}

function startThread(worker: Worker, logger: Logger): Promise<RunningThread> {
  worker.on('error', (error) => {
    logger.error({ error: error.message }, 'The RTMP server has crashed');
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', resolve));
  return new Promise((resolve, reject) => {
    worker.once('message', (message: FromRtmpServer) => {
      if (message.type === 'listening') resolve({ worker, port: message.port, exited });
      else reject(new AppError(message.code, message.message));
    });
    void exited.then(() => {
      reject(new AppError('SM_THREAD_EXITED', 'The RTMP server has ended while it was starting.'));
    });
  });
}

/** The address under which this machine reaches its own server. */
function localHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}

/**
 * Starts the built-in RTMP server and keeps it running: when its thread ends, another takes its place on the same
 * port with the same addresses.
 * @throws AppError SM_PORT_IN_USE, SM_CONFIG_INVALID, SM_THREAD_EXITED
 */
export async function createRtmpServer(
  options: RtmpServerOptions,
  createWorker: CreateRtmpWorker = createRtmpWorker,
): Promise<RtmpServerHandle> {
  const { host, playKey, logger, logLevel } = options;
  const secret = randomBytes(24).toString('hex');
  const start = (port: number): Promise<RunningThread> =>
    startThread(createWorker({ host, port, secret, playKey, logLevel }), logger);
  const first = await start(options.port);
  const { port } = first;
  let closed = false;
  const isClosed = (): boolean => closed;
  let current: RunningThread | null = null;

  const adopt = (thread: RunningThread): void => {
    current = thread;
    void thread.exited.then(() => {
      current = null;
      if (isClosed()) return;
      logger.error('The RTMP server has ended and is started again');
      void restart(0);
    });
  };
  const restart = async (attempt: number): Promise<void> => {
    if (isClosed()) return;
    try {
      const thread = await start(port);
      if (isClosed()) await thread.worker.terminate();
      else adopt(thread);
    } catch (error) {
      logger.error({ error: String(error) }, 'The RTMP server could not be started again');
      setTimeout(() => void restart(attempt + 1), backOffMs(attempt, 1)).unref();
    }
  };
  const close = async (): Promise<void> => {
    closed = true;
    if (current === null) return;
    const { worker, exited } = current;
    const message: ToRtmpServer = { type: 'close' };
    worker.postMessage(message);
    if (!(await settlesWithin(exited, CLOSE_GRACE_MS))) await worker.terminate();
  };

  adopt(first);
  const url = `rtmp://${localHost(host)}:${port}/${RTMP_APPLICATION}/${RTMP_STREAM}`;
  const playUrl = playKey === null ? url : `${url}?${PLAY_KEY_FIELD}=${playKey}`;
  return { port, playUrl, publishUrl: `${url}?${SECRET_FIELD}=${secret}`, close };
}
