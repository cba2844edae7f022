import { Socket } from 'node:net';
import { MESSAGES_FD } from './child-process.js';
import { MessageStream } from './message-stream.js';

/**
 * The side of a child process: takes messages of who has started it, and sends some to it.
 * @param onGone - it has ended, or wants nothing any more
 */
export function openParent<In, Out>(
  onMessage: (message: In) => void,
  onGone: () => void,
): MessageStream<In, Out> {
  const socket = new Socket({ fd: MESSAGES_FD, readable: true, writable: true });
  socket.once('close', onGone);
  return new MessageStream<In, Out>(socket, onMessage);
}
