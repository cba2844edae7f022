import {
  FRAMES_BACKLOG_BYTES,
  FRAMES_PATH,
  type FrameSocketData,
  type FrameSockets,
} from './frame-sockets.js';
import type { ApiLimits } from './limits.js';
import { LISTENING_BACKLOG_BYTES } from './listener.js';
import type { ListeningConnection, ListeningSockets } from './listening-sockets.js';
import {
  PUSH_BACKLOG_BYTES,
  PUSH_PATH,
  type PushSocketData,
  type PushSockets,
} from './push-sockets.js';
import { createUpgradeHandler, type UpgradeDeps } from './upgrade.js';
import type { TemplatedApp, Uws } from './uws.js';

type MediaSockets = {
  readonly limits: ApiLimits;
  readonly listeningSockets: ListeningSockets;
  readonly pushSockets: PushSockets;
  readonly frameSockets: FrameSockets;
  readonly upgradeDeps: UpgradeDeps;
};

/** The WebSockets over which sound and pictures come in, and sound goes out. */
export function serveMediaSockets(uws: Uws, app: TemplatedApp, sockets: MediaSockets): void {
  serveListeners(uws, app, sockets);
  serveSound(uws, app, sockets);
  serveFrames(uws, app, sockets);
}

function serveListeners(
  uws: Uws,
  app: TemplatedApp,
  { limits, listeningSockets, upgradeDeps }: MediaSockets,
): void {
  app.ws<ListeningConnection>('/ws/preview/audio', {
    compression: uws.DISABLED,
    maxPayloadLength: 1024,
    // A listener has its own, smaller bound: the server would leave out the newest sound.
    maxBackpressure: 2 * LISTENING_BACKLOG_BYTES,
    idleTimeout: limits.socketIdleSeconds,
    sendPingsAutomatically: true,
    upgrade: createUpgradeHandler('preview.listen', upgradeDeps, (visitor) =>
      listeningSockets.accept(visitor),
    ),
    open: (socket) => {
      listeningSockets.open(socket);
    },
    close: (socket) => {
      listeningSockets.closed(socket);
    },
  });
}

function serveSound(
  uws: Uws,
  app: TemplatedApp,
  { limits, pushSockets, upgradeDeps }: MediaSockets,
): void {
  app.ws<PushSocketData>(`${PUSH_PATH}*`, {
    compression: uws.DISABLED,
    maxPayloadLength: limits.socketPayloadBytes,
    maxBackpressure: PUSH_BACKLOG_BYTES,
    idleTimeout: limits.socketIdleSeconds,
    sendPingsAutomatically: true,
    upgrade: createUpgradeHandler('audio.push', upgradeDeps, (visitor) =>
      pushSockets.accept(visitor),
    ),
    open: (socket) => {
      pushSockets.open(socket);
    },
    message: (socket, message, isBinary) => {
      pushSockets.message(socket, message, isBinary);
    },
    close: (socket) => {
      pushSockets.closed(socket);
    },
  });
}

function serveFrames(
  uws: Uws,
  app: TemplatedApp,
  { limits, frameSockets, upgradeDeps }: MediaSockets,
): void {
  app.ws<FrameSocketData>(`${FRAMES_PATH}*`, {
    compression: uws.DISABLED,
    maxPayloadLength: limits.frameBytes,
    maxBackpressure: FRAMES_BACKLOG_BYTES,
    idleTimeout: limits.socketIdleSeconds,
    sendPingsAutomatically: true,
    upgrade: createUpgradeHandler('frames.push', upgradeDeps, (visitor) =>
      frameSockets.accept(visitor),
    ),
    open: (socket) => {
      frameSockets.open(socket);
    },
    message: (socket, message, isBinary) => {
      frameSockets.message(socket, message, isBinary);
    },
    close: (socket) => {
      frameSockets.closed(socket);
    },
  });
}
