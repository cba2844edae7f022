import { systemCall } from './system-calls.js';

/** Of Linux, see socketpair(2). A program that is started by somebody else meanwhile does not inherit it. */
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2_000_000;

const socketPair = systemCall('int socketpair(int domain, int type, int protocol, void *ends)');
/** Node.js warns in a thread that closes by `fs.close` what it has not opened by `fs.open`. */
const closeDescriptor = systemCall('int close(int fd)');

/** Two ends of a connection: one for this process, and one for a program that it starts. */
export type SocketPair = {
  readonly own: number;
  readonly child: number;
  /** To be called once, as soon as the program has been started. */
  closeChild(): void;
};

/** So many of them, or none. @throws Error as `openSocketPair` does */
export function openSocketPairs(count: number): SocketPair[] {
  const pairs: SocketPair[] = [];
  try {
    while (pairs.length < count) pairs.push(openSocketPair());
    return pairs;
  } catch (error) {
    for (const pair of pairs) {
      pair.closeChild();
      closeDescriptor?.(pair.own);
    }
    throw error;
  }
}

/** @throws Error when there are no more descriptors, or the system has no such call */
export function openSocketPair(): SocketPair {
  const ends = new Int32Array(2);
  const type = SOCK_STREAM | SOCK_CLOEXEC;
  if (socketPair?.(AF_UNIX, type, 0, new Uint8Array(ends.buffer)) !== 0)
    throw new Error('No more files can be opened.');
  const [own = -1, child = -1] = ends;
  return { own, child, closeChild: () => void closeDescriptor?.(child) };
}
