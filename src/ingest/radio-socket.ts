import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** How old radio servers (SHOUTcast) begin an answer, and what Node.js takes. */
const ICY = 'ICY ';
const HTTP = 'HTTP/1.0 ';

/** A connection whose answer may begin as those of old radio servers do. Owns the socket. */
class RadioSocket extends Duplex {
  readonly #socket: Socket;
  /** What has come, as long as it is too short to be told; null: it has been. */
  #head: Buffer | null = Buffer.alloc(0);

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      const known = this.#told(bytes);
      if (known.length > 0 && !this.push(known)) socket.pause();
    });
    socket.on('end', () => {
      if (this.#head !== null && this.#head.length > 0) this.push(this.#head);
      this.push(null);
    });
    socket.on('error', (error) => this.destroy(error));
    for (const event of ['connect', 'timeout']) socket.on(event, () => this.emit(event));
  }

  get connecting(): boolean {
    return this.#socket.connecting;
  }

  setTimeout(ms: number): this {
    this.#socket.setTimeout(ms);
    return this;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: () => void): void {
    this.#socket.write(chunk, encoding, () => {
      done();
    });
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  /** The bytes that may be passed on. */
  #told(bytes: Buffer): Buffer {
    if (this.#head === null) return bytes;
    const head = Buffer.concat([this.#head, bytes]);
    if (head.length < ICY.length) {
      this.#head = head;
      return Buffer.alloc(0);
    }
    this.#head = null;
    const isIcy = head.toString('latin1', 0, ICY.length) === ICY;
    return isIcy ? Buffer.concat([Buffer.from(HTTP), head.subarray(ICY.length)]) : head;
  }
}

/** Connects to a server that may be a radio's. */
export function connectToRadio(host: string, port: number): Duplex {
  return new RadioSocket(connect({ host, port }));
}
