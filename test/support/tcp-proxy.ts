import { connect, createServer, type Socket } from 'node:net';

/**
 * Passes TCP connections on to a port of this machine, as a virtual address in front of a pair of servers does: a
 * connection stays with the server it was made to, new ones go to `target`.
 */
export type TcpProxy = {
  readonly port: number;
  /** Port that new connections go to. */
  target: number;
  /** How many connections have been made. */
  readonly connections: number;
  close(): Promise<void>;
};

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    proxy.connections++;
    const upstream = connect(proxy.target, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const proxy = {
    port: address.port,
    target,
    connections: 0,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
  return proxy;
}
