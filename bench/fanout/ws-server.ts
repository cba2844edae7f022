import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { VIEWER_BACKLOG_BYTES } from '../../src/api/preview-hub.js';
import type { PictureServer } from './picture-server.js';

/** The usual way in Node: the `ws` package, a loop over the clients. */
export async function openWsServer(): Promise<PictureServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on no port.');
  return {
    port: address.port,
    path: '/',
    send: (jpeg) => {
      for (const client of server.clients) {
        if (client.bufferedAmount < VIEWER_BACKLOG_BYTES) client.send(jpeg, { binary: true });
      }
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => {
          resolve();
        });
      }),
  };
}
