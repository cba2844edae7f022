import { Socket, type ConnectOpts, type SocketConstructorOpts } from 'node:net';
import { systemCall } from '../core/system-calls.js';

/** Of Linux, see pipe2(2): a program that is started by somebody else meanwhile does not inherit it. */
const O_CLOEXEC = 0o2_000_000;

/** As much as a pipe holds by default, bytes. */
export const PIPE_BYTES = 64 * 1024;

/** Of Linux, see fcntl(2): how much a pipe holds. */
const F_SETPIPE_SZ = 1031;

const pipe2 = systemCall('int pipe2(void *ends, int flags)');
const fcntl = systemCall('int fcntl(int fd, int command, int argument)');
/** Node.js warns in a thread that closes by `fs.close` what it has not opened by `fs.open`. */
const closeDescriptor = systemCall('int close(int fd)');

/** A pipe for the standard output of a child process. */
export type OutputPipe = {
  /** Given to the child. */
  readonly childEnd: number;
  /** To be called once, as soon as the child has been started. */
  closeChildEnd(): void;
  /** Does not emit `data`; can be paused and resumed. */
  readonly reader: Socket;
};

/**
 * A pipe that is read into one buffer again and again. What a child writes comes through streams of Node.js in buffers of
 * 64 KB each, with next to nothing around them: the collector of a thread that does little else leaves 64 MB of them.
 * @param onData - given what has come; the bytes are others as soon as it returns
 * @param bytes - what the pipe holds, if the system allows as much, and what is read at once: of pictures, each of which takes
 * hundreds of kilobytes, more than by default saves most of the calls
 * @returns null where the system has no such call
 */
export function openOutputPipe(
  onData: (bytes: Buffer) => void,
  bytes = PIPE_BYTES,
): OutputPipe | null {
  const ends = new Int32Array(2);
  if (pipe2?.(new Uint8Array(ends.buffer), O_CLOEXEC) !== 0) return null;
  const [ownEnd = -1, childEnd = -1] = ends;
  if (bytes > PIPE_BYTES) fcntl?.(ownEnd, F_SETPIPE_SZ, bytes);
  const buffer = Buffer.alloc(bytes);
  // `net.connect` hands `onread` on to the constructor in the same way.
  const options: SocketConstructorOpts & Pick<ConnectOpts, 'onread'> = {
    fd: ownEnd,
    readable: true,
    writable: false,
    onread: {
      buffer,
      callback: (count) => {
        onData(buffer.subarray(0, count));
        return true;
      },
    },
  };
  try {
    const reader = new Socket(options);
    reader.resume();
    return { childEnd, reader, closeChildEnd: () => void closeDescriptor?.(childEnd) };
  } catch (error) {
    closeDescriptor?.(ownEnd);
    closeDescriptor?.(childEnd);
    throw error;
  }
}
