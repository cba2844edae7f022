import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { AppError } from '../../core/errors.js';
import type { ThreadFault } from '../../core/heartbeat.js';
import type { LogLevel, Logger } from '../../core/logger.js';
import { POLICIES } from '../../core/policies.js';
import { startSupervisedThread } from '../../core/supervised-thread.js';
import { Supervisor } from '../../core/supervisor.js';
import { PLAY_KEY_FIELD, RTMP_APPLICATION, RTMP_STREAM, SECRET_FIELD } from './policy.js';
import type { FromRtmpServer, InputPublisher, RtmpServerInit, ToRtmpServer } from './protocol.js';

const CLOSE_PATIENCE_MS = 1500;

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
  /** Why its thread does not work, for people; null while it does. */
  readonly trouble: string | null;
  /** How often its thread was started again. */
  readonly restarts: number;
  /** All live inputs that may be published to. */
  admit(publishers: readonly InputPublisher[]): void;
  /** Has the running thread fail: for tests. */
  inject(fault: ThreadFault): void;
  /** Disconnects everybody; idempotent, bounded to two seconds. */
  close(): Promise<void>;
}

/** The address under which this machine reaches its own server. */
function localHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}

/**
 * Starts the built-in RTMP server and keeps it running: when its thread ends or hangs, another takes its place on the
 * same port with the same addresses. Resolves when it listens for the first time.
 * @throws AppError SM_PORT_IN_USE, SM_CONFIG_INVALID
 */
export async function createRtmpServer(options: RtmpServerOptions): Promise<RtmpServerHandle> {
  const { host, playKey, logger, logLevel } = options;
  const secret = randomBytes(24).toString('hex');
  let { port } = options;
  let publishers: readonly InputPublisher[] = [];
  let fail: (error: AppError) => void = () => undefined;
  const supervisor = new Supervisor({
    policy: POLICIES.rtmpServer,
    logger,
    start: () =>
      startSupervisedThread<RtmpServerInit, ToRtmpServer, FromRtmpServer>({
        entry: 'rtmp-server',
        init: { host, port, secret, playKey, logLevel },
        isHeld: true,
        onMessage: (message) => {
          // The next one listens where this one did.
          if (message.type === 'ready') ({ port } = message);
          else {
            const { code, message: reason } = message;
            logger.error({ code }, reason);
            fail(new AppError(code, reason));
          }
        },
        onError: (error) => {
          logger.error({ err: error }, 'the RTMP server has failed');
        },
      }),
    onReady: () => {
      supervisor.unit?.post({ type: 'inputs', publishers });
      listening();
    },
    onEnded: () => undefined,
  });
  const close = (): Promise<void> =>
    supervisor.close((thread) => {
      thread.post({ type: 'close' });
    }, CLOSE_PATIENCE_MS);
  let listening: () => void = () => undefined;
  const first = new Promise<void>((resolve, reject) => {
    listening = resolve;
    fail = reject;
  });
  supervisor.start();
  try {
    await first;
  } catch (error) {
    await close();
    throw error;
  }
  const url = `rtmp://${localHost(host)}:${port}/${RTMP_APPLICATION}/${RTMP_STREAM}`;
  return {
    port,
    playUrl: playKey === null ? url : `${url}?${PLAY_KEY_FIELD}=${playKey}`,
    publishUrl: `${url}?${SECRET_FIELD}=${secret}`,
    get trouble() {
      return supervisor.trouble;
    },
    get restarts() {
      return supervisor.restarts;
    },
    admit: (wanted) => {
      publishers = wanted;
      if (supervisor.isReady) supervisor.unit?.post({ type: 'inputs', publishers });
    },
    inject: (fault) => supervisor.unit?.inject(fault),
    close,
  };
}
