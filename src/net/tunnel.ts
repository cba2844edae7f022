import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Connects who has asked an HTTP proxy for a connection (CONNECT) to a server: everything that comes goes to the other side, until
 * either ends.
 * @param head - what has come already
 * @param silentMs - a server that does not answer for so long is given up
 */
export function tunnel(
  socket: Duplex,
  to: { readonly address: string; readonly port: number },
  head: Buffer,
  silentMs: number,
): void {
  const server = connect({ host: to.address, port: to.port });
  server.setTimeout(silentMs, () => server.destroy());
  server.on('error', () => socket.destroy());
  server.once('connect', () => {
    server.setTimeout(0);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.write(head);
    server.pipe(socket);
    socket.pipe(server);
  });
  server.once('close', () => socket.destroy());
  socket.once('close', () => server.destroy());
}
