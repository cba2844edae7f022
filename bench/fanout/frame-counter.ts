const OPCODE_PING = 9;

/**
 * Counts the WebSocket messages in a stream of bytes without copying or keeping any of them: a load client must
 * cost far less than the server it measures. Frames come from a server: not masked, and not compressed.
 * The format is that of RFC 6455, section 5.2.
 */
export class FrameCounter {
  /** Whole data messages seen. */
  messages = 0;
  /** Payload bytes of these. */
  bytes = 0;
  readonly #onPing: () => void;
  readonly #header = Buffer.alloc(10);
  #headerBytes = 0;
  #payloadLeft = 0;

  constructor(onPing: () => void) {
    this.#onPing = onPing;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= taken;
        at += taken;
        if (this.#payloadLeft === 0) this.#finishFrame();
        continue;
      }
      this.#header[this.#headerBytes++] = chunk[at++] ?? 0;
      if (this.#headerBytes < this.#headerLength()) continue;
      this.#payloadLeft = this.#payloadLength();
      if (this.#payloadLeft === 0) this.#finishFrame();
    }
  }

  #headerLength(): number {
    const length = (this.#header[1] ?? 0) & 0x7f;
    if (this.#headerBytes < 2 || length < 126) return 2;
    return length === 126 ? 4 : 10;
  }

  #payloadLength(): number {
    const length = (this.#header[1] ?? 0) & 0x7f;
    if (length < 126) return length;
    return length === 126 ? this.#header.readUInt16BE(2) : Number(this.#header.readBigUInt64BE(2));
  }

  #finishFrame(): void {
    const first = this.#header[0] ?? 0;
    const opcode = first & 0x0f;
    if (opcode === OPCODE_PING) this.#onPing();
    if (opcode <= 2) {
      this.bytes += this.#payloadLength();
      if ((first & 0x80) !== 0) this.messages++;
    }
    this.#headerBytes = 0;
  }
}
