import { createServer, type Socket } from 'node:net';
import context from 'node-media-server/src/core/context.js';
import libraryLogger from 'node-media-server/src/core/logger.js';
import RtmpSession from 'node-media-server/src/session/rtmp_session.js';

/** An RTMP server that takes every stream and writes down under which names they come. */
export interface PublishNames {
  readonly port: number;
  /** Application and name of everybody who has begun to publish, as they were sent. */
  readonly names: readonly { readonly application: string; readonly name: string }[];
  close(): Promise<void>;
}

/** Starts node-media-server's own protocol on a free port of loopback. */
export async function startPublishNames(): Promise<PublishNames> {
  libraryLogger.log = () => undefined;
  const names: { application: string; name: string }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const session = new RtmpSession(socket);
    const { rtmp } = session;
    const { onConnect, onPublish } = rtmp;
    let application = '';
    rtmp.onConnect = (message) => {
      application = message.cmdObj.app;
      onConnect.call(rtmp, message);
    };
    rtmp.onPublish = (message) => {
      names.push({ application, name: message.streamName });
      onPublish.call(rtmp, message);
    };
    session.run();
    context.sessions.set(session.id, session);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no TCP port.');
  return {
    port: address.port,
    names,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}
