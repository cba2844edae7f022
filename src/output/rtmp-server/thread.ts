import type { MessagePort } from 'node:worker_threads';
import { toAppError } from '../../core/errors.js';
import { createLogger } from '../../core/logger.js';
import { openRtmpListener } from './listener.js';
import type { FromRtmpServer, RtmpServerInit, ToRtmpServer } from './protocol.js';

/** What the RTMP server's thread does: opens the server, says how that went, and closes it when told. */
export async function runRtmpServerThread(port: MessagePort, init: RtmpServerInit): Promise<void> {
  const say = (message: FromRtmpServer): void => {
    port.postMessage(message);
  };
  try {
    const { host, secret, playKey, logLevel } = init;
    const logger = createLogger(logLevel, 'rtmp-server');
    const listener = await openRtmpListener({ host, port: init.port, secret, playKey, logger });
    port.on('message', (message: ToRtmpServer) => {
      if (message.type === 'inputs') {
        listener.follow(message.publishers);
        return;
      }
      void listener.close().then(() => {
        port.close();
      });
    });
    say({ type: 'ready', port: listener.port });
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    say({ type: 'failed', code, message });
    port.close();
  }
}
