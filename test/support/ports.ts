import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Where ports are looked for: below those that systems give to connections, and to whoever asks for port 0, so that nobody takes
 * one before it is used.
 */
const FIRST_PORT = 20_000;
const PORTS = 12_000;
/** How far the processes of test files that run side by side begin from each other. */
const PORTS_OF_A_PROCESS = 101;

let next = (process.pid * PORTS_OF_A_PROCESS) % PORTS;

/** A TCP port on loopback that is free, for programs that cannot be told port 0. @throws Error when there is none */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS; tries++) {
    const port = FIRST_PORT + next;
    next = (next + 1) % PORTS;
    if (await isFree(port)) return port;
  }
  throw new Error('There is no free TCP port.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** Whether something accepts connections on this port of loopback. */
export async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => {
      finish(true);
    });
    socket.once('error', () => {
      finish(false);
    });
  });
}

/** Resolves when something accepts connections on this port of loopback. @throws Error after `timeoutMs`. */
export async function waitForPort(port: number, timeoutMs = 15_000): Promise<void> {
  const giveUpAtMs = Date.now() + timeoutMs;
  while (!(await isListening(port))) {
    if (Date.now() > giveUpAtMs)
      throw new Error(`Nothing listens on port ${port} after ${timeoutMs} ms.`);
    await sleep(25);
  }
}
