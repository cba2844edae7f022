import { execFileSync } from 'node:child_process';
import { openSync, readSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import workerThreads, {
  BroadcastChannel,
  isMainThread,
  threadId,
  type WorkerOptions,
} from 'node:worker_threads';
import { beatOnce, injectFault, type Heartbeat } from '../../src/core/heartbeat.js';
import type { ThreadData } from '../../src/core/supervised-thread.js';
import { FAULT_SOCKET, type ThreadOrder } from './thread-faults.js';

/**
 * Loaded into a service with `--import`, and so into each of its threads: has one of them fail when `ThreadFaults` says
 * so. The main thread takes orders from a Unix socket, and the first thread of that name takes the order from a channel.
 */

const CHANNEL = 'stream-manager test: faults';
const TAKE_MS = 500;
const POLL_MS = 2;

/** `taken` is one word, 1 as soon as a thread has taken the order: others leave it alone then. */
type Order = ThreadOrder & { readonly taken: Int32Array<SharedArrayBuffer> };

/** Stands still in code of the system, where nothing but the end of the process ends it. */
function blockInSystem(): never {
  const path = `/tmp/sm-blocked-${process.pid}-${threadId}`;
  execFileSync('mkfifo', [path]);
  const pipe = openSync(path, 'r+');
  rmSync(path);
  for (;;) readSync(pipe, Buffer.alloc(1));
}

function take({ thread, fault, taken }: Order): void {
  const isMeant = basename(process.argv[1] ?? '', '.js') === thread;
  if (!isMeant || Atomics.compareExchange(taken, 0, 0, 1) !== 0) return;
  if (fault === 'block') blockInSystem();
  const own: Heartbeat = new Int32Array(new SharedArrayBuffer(16));
  injectFault(own, fault);
  beatOnce(own);
}

/** The log writer has no event loop that could take an order; its heartbeat has a word for it. */
let logHeartbeat: Heartbeat | null = null;

class KnownWorker extends workerThreads.Worker {
  constructor(path: string | URL, options?: WorkerOptions) {
    super(path, options);
    if (options?.name !== 'log-writer') return;
    logHeartbeat = (options.workerData as ThreadData<null>).heartbeat;
  }
}

async function order({ thread, fault }: ThreadOrder): Promise<boolean> {
  if (thread === 'log-writer') {
    if (logHeartbeat === null || fault === 'block') return false;
    injectFault(logHeartbeat, fault);
    return true;
  }
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ thread, fault, taken } satisfies Order);
  for (const endMs = performance.now() + TAKE_MS; performance.now() < endMs;) {
    if (Atomics.load(taken, 0) === 1) break;
    await sleep(POLL_MS);
  }
  channel.close();
  return Atomics.load(taken, 0) === 1;
}

function listen(path: string): void {
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      // It was written by `failThread`.
      void order(JSON.parse(data.toString()) as ThreadOrder).then((isTaken) => {
        socket.end(String(isTaken));
      });
    });
  });
  server.listen(path).unref();
}

const path = process.env[FAULT_SOCKET];
if (isMainThread && path !== undefined) {
  Object.assign(workerThreads, { Worker: KnownWorker });
  syncBuiltinESMExports();
  listen(path);
} else if (path !== undefined) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    // The order came through a channel without types.
    take(data as Order);
  };
  channel.unref();
}
