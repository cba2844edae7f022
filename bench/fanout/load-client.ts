import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { FrameCounter } from './frame-counter.js';

/** A process of its own: opens many WebSocket connections and counts what comes in. */
export type LoadClientTask = {
  readonly type: 'open';
  readonly port: number;
  readonly path: string;
  readonly connections: number;
};
export type LoadClientRequest =
  LoadClientTask | { readonly type: 'read' } | { readonly type: 'close' };
export type LoadClientAnswer =
  | { readonly type: 'open' }
  | { readonly type: 'failed'; readonly reason: string }
  /** Totals since the start, and how many connections are still open. */
  | {
      readonly type: 'counts';
      readonly messages: number;
      readonly bytes: number;
      readonly open: number;
      readonly atMs: number;
    };

/** Size of the one buffer that all sockets read into: a few pictures at a time, few calls. */
const READ_BUFFER_BYTES = 512 * 1024;
/** An empty pong, masked with zeros. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
const END_OF_HEAD = '\r\n\r\n';

const readBuffer = Buffer.allocUnsafe(READ_BUFFER_BYTES);
const counters: FrameCounter[] = [];
const sockets = new Set<Socket>();

/** Opens one connection; resolves when the server has agreed to the upgrade. */
function open(port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let head: string | null = '';
    const counter = new FrameCounter(() => socket.write(PONG));
    const receive = (chunk: Buffer): void => {
      if (head === null) {
        counter.push(chunk);
        return;
      }
      head += chunk.toString('latin1');
      const end = head.indexOf(END_OF_HEAD);
      if (end < 0) return;
      if (!head.startsWith('HTTP/1.1 101')) {
        reject(new Error(`The server refused the upgrade: ${head.split('\r\n')[0] ?? ''}`));
        return;
      }
      counter.push(Buffer.from(head.slice(end + END_OF_HEAD.length), 'latin1'));
      head = null;
      resolve();
    };
    const socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (bytes) => {
          receive(readBuffer.subarray(0, bytes));
          return true;
        },
      },
    });
    sockets.add(socket);
    counters.push(counter);
    socket.on('error', reject);
    socket.on('close', () => {
      sockets.delete(socket);
      reject(new Error('The server closed the connection.'));
    });
    socket.on('connect', () => {
      const lines = [
        `GET ${path} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ];
      socket.write(lines.join('\r\n') + END_OF_HEAD);
    });
  });
}

function answer(message: LoadClientAnswer): void {
  process.send?.(message);
}

async function openAll({ port, path, connections }: LoadClientTask): Promise<void> {
  try {
    for (let i = 0; i < connections; i++) await open(port, path);
    answer({ type: 'open' });
  } catch (error) {
    answer({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

process.on('message', (request: LoadClientRequest) => {
  switch (request.type) {
    case 'open':
      void openAll(request);
      return;
    case 'read':
      answer({
        type: 'counts',
        messages: counters.reduce((sum, { messages }) => sum + messages, 0),
        bytes: counters.reduce((sum, { bytes }) => sum + bytes, 0),
        open: sockets.size,
        atMs: performance.now(),
      });
      return;
    case 'close':
      for (const socket of sockets) socket.destroy();
      process.disconnect();
  }
});

// Without whoever started it, there is nothing to do.
process.on('disconnect', () => process.exit(0));
