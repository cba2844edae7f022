import { createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { InputFeeds } from './input-feeds.js';
import { MAX_SESSIONS } from './policy.js';
import type { InputPublisher } from './protocol.js';
import { redirectLibraryLog, serveSession } from './session.js';
import { TimelineJoin } from './timeline-join.js';

export type RtmpListenerOptions = {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly secret: string;
  /** What players must know; null: nothing. */
  readonly playKey: string | null;
  readonly logger: Logger;
};

export interface RtmpListener {
  readonly port: number;
  /** All live inputs that may be published to. */
  follow(publishers: readonly InputPublisher[]): void;
  /** Disconnects everybody and gives the port back; idempotent. */
  close(): Promise<void>;
}

function toListenError(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  if (error.code === 'EADDRINUSE')
    return new AppError(
      'SM_PORT_IN_USE',
      `Port ${port} on ${host} is in use. Stop what uses it, or set RTMP_PORT to another port (0 turns the RTMP server off).`,
    );
  return new AppError(
    'SM_CONFIG_INVALID',
    `The RTMP server cannot listen on ${host}:${port}: ${error.message}. Check HOST and RTMP_PORT.`,
    [],
    { cause: error },
  );
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(toListenError(error, host, port));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/**
 * Opens the RTMP server on one port.
 * @throws AppError SM_PORT_IN_USE, SM_CONFIG_INVALID
 */
export async function openRtmpListener(options: RtmpListenerOptions): Promise<RtmpListener> {
  const { host, secret, playKey, logger } = options;
  const sockets = new Set<Socket>();
  const timeline = new TimelineJoin();
  const feeds = new InputFeeds(logger);
  redirectLibraryLog(logger);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveSession(socket, { secret, playKey, timeline, feeds, logger });
  });
  server.maxConnections = MAX_SESSIONS;
  const port = await listen(server, host, options.port);
  // From here on an error is one of accepting a single connection.
  server.on('error', (error) => {
    logger.warn({ error: error.message }, 'The RTMP server could not take a connection');
  });
  return {
    port,
    follow: (publishers) => {
      feeds.follow(publishers);
    },
    close: () =>
      new Promise((resolve) => {
        feeds.close();
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
