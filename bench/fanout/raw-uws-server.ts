import { listenExclusively, loadUws } from '../../src/api/uws.js';
import { VIEWER_BACKLOG_BYTES } from '../../src/api/preview-hub.js';
import type { PictureServer } from './picture-server.js';

const TOPIC = 'pictures';

/** The least that can be done with the native server: one topic, one `publish` for each picture. */
export async function openRawUwsServer(): Promise<PictureServer> {
  const { uws } = loadUws();
  const app = uws.App().ws('/*', {
    maxBackpressure: VIEWER_BACKLOG_BYTES,
    open: (socket) => {
      socket.subscribe(TOPIC);
    },
  });
  const { socket, port } = await listenExclusively(uws, app, '127.0.0.1', 0);
  return {
    port,
    path: '/',
    send: (jpeg) => {
      app.publish(TOPIC, jpeg, true);
    },
    close: () => {
      uws.us_listen_socket_close(socket);
      return Promise.resolve();
    },
  };
}
