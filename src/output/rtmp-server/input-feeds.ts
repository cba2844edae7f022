import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type RtmpSession from 'node-media-server/src/session/rtmp_session.js';
import type { Logger } from '../../core/logger.js';
import { isSameSecret } from './policy.js';
import type { InputPublisher } from './protocol.js';

/** Application of `rtmp://host:port/inputs/<input>?key=<key>`. */
export const INPUT_APPLICATION = 'inputs';

/** What may wait for a decoder; more, and it is disconnected: another one begins with what is live. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;

/** What is published to an input, and who decodes it. */
type Feed = {
  publisher: InputPublisher;
  readonly server: Server;
  readonly decoders: Set<Socket>;
  session: RtmpSession | null;
};

/**
 * Hands over what is published to live inputs, as FLV over a Unix socket for each: whoever decodes connects, and waits there until
 * somebody publishes. When a publisher leaves, those connections end with it.
 */
export class InputFeeds {
  readonly #logger: Logger;
  readonly #feeds = new Map<string, Feed>();
  #decoders = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** All inputs that may be published to. */
  follow(publishers: readonly InputPublisher[]): void {
    const wanted = new Map(publishers.map((publisher) => [publisher.id, publisher]));
    for (const [id, feed] of [...this.#feeds]) if (!wanted.has(id)) this.#remove(id, feed);
    for (const publisher of publishers) {
      const feed = this.#feeds.get(publisher.id);
      if (feed === undefined) this.#add(publisher);
      else {
        // Who has published with the key before does so no longer.
        if (feed.publisher.key !== publisher.key) feed.session?.socket.destroy();
        feed.publisher = publisher;
      }
    }
  }

  has(id: string): boolean {
    return this.#feeds.has(id);
  }

  /** Whether somebody may publish to an input. */
  mayPublish(id: string, key: string): boolean {
    const feed = this.#feeds.get(id);
    return feed !== undefined && isSameSecret(key, feed.publisher.key);
  }

  /** What a session publishes from now on is handed over; another one that publishes to the same input is disconnected. */
  begin(id: string, session: RtmpSession): void {
    const feed = this.#feeds.get(id);
    if (feed === undefined) return;
    // Who reconnects comes sooner than the old connection is known to be dead.
    this.#end(feed);
    feed.session = session;
    session.socket.once('close', () => {
      if (feed.session === session) this.#end(feed);
    });
    for (const decoder of feed.decoders) this.#play(session, decoder);
  }

  close(): void {
    for (const [id, feed] of [...this.#feeds]) this.#remove(id, feed);
  }

  #add(publisher: InputPublisher): void {
    const { id, socketPath } = publisher;
    const decoders = new Set<Socket>();
    const server = createServer((socket) => {
      decoders.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => decoders.delete(socket));
      if (feed.session !== null) this.#play(feed.session, socket);
    });
    const feed: Feed = { publisher, server, decoders, session: null };
    server.on('error', (error) => {
      this.#logger.error({ input: id, err: error }, 'what is published cannot be handed over');
    });
    // One before this one has left it when its thread has died.
    rmSync(socketPath, { force: true });
    server.listen(socketPath);
    this.#feeds.set(id, feed);
  }

  #play(session: RtmpSession, decoder: Socket): void {
    const id = `decoder ${this.#decoders++}`;
    const { broadcast } = session;
    broadcast.postPlay({
      id,
      // Without an address it counts as a part of the server.
      ip: '',
      protocol: 'flv',
      sendBuffer: (buffer) => {
        if (decoder.writableLength > MAX_BACKLOG_BYTES) decoder.destroy();
        else decoder.write(buffer);
      },
    });
    decoder.once('close', () => broadcast.subscribers.delete(id));
  }

  #end(feed: Feed): void {
    feed.session?.socket.destroy();
    feed.session = null;
    for (const decoder of feed.decoders) if (decoder.bytesWritten > 0) decoder.end();
  }

  #remove(id: string, feed: Feed): void {
    this.#feeds.delete(id);
    feed.session?.socket.destroy();
    for (const decoder of feed.decoders) decoder.destroy();
    feed.server.close();
  }
}
