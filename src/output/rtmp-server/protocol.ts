import type { ErrorCode } from '../../core/errors.js';
import type { LogLevel } from '../../core/logger.js';

/** What the main thread and the RTMP server's thread say to each other. */

export type RtmpServerInit = {
  readonly host: string;
  /** 0 to 65535; 0 lets the system choose. */
  readonly port: number;
  /** Who knows it may publish. */
  readonly secret: string;
  /** Who knows it may play; null: anybody. */
  readonly playKey: string | null;
  readonly logLevel: LogLevel;
};

/** A publisher that may be let in, and the Unix socket where what it publishes is handed over. */
export type InputPublisher = {
  /** Of the live input. */
  readonly id: string;
  readonly key: string;
  readonly socketPath: string;
};

export type ToRtmpServer =
  /** All live inputs that may be published to. */
  | { readonly type: 'inputs'; readonly publishers: readonly InputPublisher[] }
  | { readonly type: 'close' };

export type FromRtmpServer =
  /** It listens. */
  | { readonly type: 'ready'; readonly port: number }
  /** It could not start; the thread ends. */
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };
