import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';

/** Of the length that stands before each message, bytes; little-endian. */
const HEAD_BYTES = 4;

/** No message is longer: what comes from a process that decodes what strangers send is not believed. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Messages through a stream of bytes, as structured clones. */
export class MessageStream<In, Out> {
  readonly #stream: Duplex;
  readonly #onMessage: (message: In) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** The other side is trusted to send what it should; one that sends something else loses its connection. */
  constructor(stream: Duplex, onMessage: (message: In) => void) {
    this.#stream = stream;
    this.#onMessage = onMessage;
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
  }

  /** Does nothing when the other side is gone. */
  send(message: Out): void {
    if (!this.#stream.writable) return;
    const bytes = serialize(message);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(bytes.length);
    this.#stream.cork();
    this.#stream.write(head);
    this.#stream.write(bytes);
    this.#stream.uncork();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= HEAD_BYTES) {
      const [first] = this.#chunks;
      if (first === undefined) return;
      const all = first.length >= HEAD_BYTES ? first : this.#joined();
      const length = all.readUInt32LE();
      if (length > MAX_BYTES) {
        this.#stream.destroy();
        return;
      }
      if (this.#bytes < HEAD_BYTES + length) return;
      const joined = this.#joined();
      const message = joined.subarray(HEAD_BYTES, HEAD_BYTES + length);
      const rest = joined.subarray(HEAD_BYTES + length);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#bytes = rest.length;
      // It belongs to the table of messages that both sides are built with.
      this.#onMessage(deserialize(message) as In);
    }
  }

  #joined(): Buffer {
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}
