/**
 * Reads NUT as FFmpeg writes it: frames of raw pictures and samples with their timestamps. After the specification of the container
 * (https://ffmpeg.org/~michael/nut.txt), as far as FFmpeg's muxer makes use of it.
 */

/** A stream of a NUT. */
export type NutStream =
  | { readonly kind: 'video'; readonly widthPx: number; readonly heightPx: number }
  | { readonly kind: 'audio'; readonly rateHz: number; readonly channels: number }
  | { readonly kind: 'other' };

export type NutListener = {
  /** All streams are known, by their numbers. */
  readonly onStreams: (streams: readonly NutStream[]) => void;
  /** A frame begins. Answers where its bytes are to go; null: nowhere. */
  readonly onFrame: (stream: number, ptsMs: number, bytes: number) => Uint8Array | null;
  /** All of its bytes are there. */
  readonly onWhole: (stream: number, ptsMs: number) => void;
};

const FILE_ID = 'nut/multimedia container\0';
const MAIN = 0x4e4d7a561f5f04adn;
const STREAM = 0x4e5311405bf2f9dbn;
const SYNCPOINT = 0x4e4be4adeeca4569n;
/** Every start code begins with it, and no frame does. */
const START_BYTE = 0x4e;
/** Packets from this size on have a checksum of their header. */
const LONG_PACKET_BYTES = 4096;
/** No packet that is not a frame is longer. */
const MAX_PACKET_BYTES = 1024 * 1024;
const MAX_FRAME_BYTES = 128 * 1024 * 1024;
const MAX_STREAMS = 16;
const FRAME_CODES = 256;
/** There are eight, and room for what comes after this version. */
const MAX_FIELDS = 64;

const FLAG_CODED_PTS = 8;
const FLAG_STREAM_ID = 16;
const FLAG_SIZE_MSB = 32;
const FLAG_CHECKSUM = 64;
const FLAG_RESERVED = 128;
const FLAG_SM_DATA = 256;
const FLAG_HEADER_IDX = 1024;
const FLAG_MATCH_TIME = 2048;
const FLAG_CODED = 4096;
const FLAG_INVALID = 8192;

type FrameCode = {
  readonly flags: number;
  readonly stream: number;
  readonly sizeMul: number;
  readonly sizeLsb: number;
  readonly ptsDelta: number;
  readonly reserved: number;
  readonly header: number;
};

type TimeBase = { readonly num: number; readonly den: number };

type StreamState = {
  readonly info: NutStream;
  readonly timeBase: TimeBase;
  readonly msbPtsShift: number;
  lastPts: number;
};

type Frame = { readonly stream: number; readonly ptsMs: number; readonly place: Uint8Array | null };

/** Reads numbers from the beginning of some bytes; `isShort` once there are too few of them. */
class Cursor {
  at = 0;
  isShort = false;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    this.at += 1;
    if (value === undefined) this.isShort = true;
    return value ?? 0;
  }

  /** A number of any length. */
  v(): number {
    for (let value = 0; ;) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if ((byte & 128) === 0 || this.isShort) return value;
      if (value > Number.MAX_SAFE_INTEGER / 128) throw new Error('A number of it is too large.');
    }
  }

  /** One with a sign. */
  s(): number {
    const value = this.v() + 1;
    return value % 2 === 1 ? -Math.floor(value / 2) : value / 2;
  }

  bytes(count: number): Buffer {
    const part = this.#bytes.subarray(this.at, this.at + count);
    this.skip(count);
    return part;
  }

  skip(count: number): void {
    this.at += count;
    if (this.at > this.#bytes.length) this.isShort = true;
  }

  startCode(): bigint {
    return this.at + 8 > this.#bytes.length ? 0n : this.#bytes.readBigUInt64BE(this.at);
  }
}

/** Given bytes in pieces of any size. Throws an Error at what is no NUT; it is of no use then. */
export class NutReader {
  readonly #listener: NutListener;
  #pending: Buffer = Buffer.alloc(0);
  #hasBegun = false;
  #timeBases: TimeBase[] = [];
  #codes: FrameCode[] = [];
  #headers: Buffer[] = [];
  #isBroadcast = false;
  #streamCount = 0;
  #streams: StreamState[] = [];
  #areTold = false;
  #frame: Frame | null = null;
  #frameBytes = 0;
  #filled = 0;

  constructor(listener: NutListener) {
    this.#listener = listener;
  }

  /** Takes what has come; the bytes may be others when it returns. */
  push(bytes: Buffer): void {
    let at = this.#pending.length === 0 ? 0 : this.#finishPending(bytes);
    while (at < bytes.length) {
      if (this.#frame !== null) {
        at += this.#fill(bytes, at);
        continue;
      }
      const rest = bytes.subarray(at);
      const taken = this.#parse(rest);
      if (taken === 0) {
        this.#pending = Buffer.from(rest);
        return;
      }
      at += taken;
    }
  }

  /** What was too little before, with what has come: answers how much of that is taken by it. */
  #finishPending(bytes: Buffer): number {
    const before = this.#pending.length;
    for (let added = 0; added < bytes.length;) {
      // Little by little: what begins a frame is short, and what follows it need not be copied.
      const count = Math.min(bytes.length - added, Math.max(64, this.#pending.length));
      this.#pending = Buffer.concat([this.#pending, bytes.subarray(added, added + count)]);
      added += count;
      const taken = this.#parse(this.#pending);
      if (taken > before) {
        this.#pending = Buffer.alloc(0);
        return taken - before;
      }
      if (taken > 0) throw new Error('It begins in the middle of what was taken.');
      if (this.#pending.length > MAX_PACKET_BYTES) throw new Error('A packet of it is too long.');
    }
    return bytes.length;
  }

  #fill(bytes: Buffer, at: number): number {
    const frame = this.#frame;
    if (frame === null) return 0;
    const count = Math.min(bytes.length - at, this.#frameBytes - this.#filled);
    frame.place?.set(bytes.subarray(at, at + count), this.#filled);
    this.#filled += count;
    this.#endFrame(frame);
    return count;
  }

  #endFrame(frame: Frame): void {
    if (this.#filled < this.#frameBytes) return;
    this.#frame = null;
    if (frame.place !== null) this.#listener.onWhole(frame.stream, frame.ptsMs);
  }

  /** Takes what stands at the beginning. Answers how many bytes that was; 0: it is not whole yet. */
  #parse(bytes: Buffer): number {
    if (!this.#hasBegun) {
      if (bytes.length < FILE_ID.length) return 0;
      if (bytes.toString('latin1', 0, FILE_ID.length) !== FILE_ID) throw new Error('It is no NUT.');
      this.#hasBegun = true;
      return FILE_ID.length;
    }
    const cursor = new Cursor(bytes);
    return bytes[0] === START_BYTE ? this.#parsePacket(cursor) : this.#parseFrame(cursor);
  }

  #parsePacket(cursor: Cursor): number {
    const code = cursor.startCode();
    if (code === 0n) return 0;
    cursor.skip(8);
    const length = cursor.v();
    if (length > MAX_PACKET_BYTES) throw new Error('A packet of it is too long.');
    if (length > LONG_PACKET_BYTES) cursor.skip(4);
    const payload = new Cursor(cursor.bytes(length));
    if (cursor.isShort) return 0;
    if (code === MAIN) this.#readMain(payload);
    else if (code === STREAM) this.#readStream(payload);
    else if (code === SYNCPOINT) this.#readSyncpoint(payload);
    return cursor.at;
  }

  #readMain(cursor: Cursor): void {
    const version = cursor.v();
    if (version > 3) cursor.v();
    this.#streamCount = cursor.v();
    if (this.#streamCount > MAX_STREAMS) throw new Error('It has too many streams.');
    cursor.v();
    const count = cursor.v();
    this.#timeBases = [];
    for (let i = 0; i < count && !cursor.isShort; i++)
      this.#timeBases.push({ num: cursor.v(), den: cursor.v() });
    this.#codes = readFrameCodes(cursor);
    this.#headers = [Buffer.alloc(0)];
    for (let i = cursor.v(); i > 0 && !cursor.isShort; i--)
      this.#headers.push(Buffer.from(cursor.bytes(cursor.v())));
    this.#isBroadcast = version > 3 && cursor.v() % 2 === 1;
  }

  #readStream(cursor: Cursor): void {
    const number = cursor.v();
    const kind = cursor.v();
    cursor.bytes(cursor.v());
    const timeBase = this.#timeBases[cursor.v()];
    const msbPtsShift = cursor.v();
    for (let i = 0; i < 3; i++) cursor.v();
    cursor.bytes(cursor.v());
    if (timeBase === undefined || number >= this.#streamCount)
      throw new Error('A stream of it makes no sense.');
    let info: NutStream = { kind: 'other' };
    if (kind === 0) info = { kind: 'video', widthPx: cursor.v(), heightPx: cursor.v() };
    else if (kind === 1) {
      const [num, den, channels] = [cursor.v(), cursor.v(), cursor.v()];
      info = { kind: 'audio', rateHz: num / den, channels };
    }
    // Headers are written again from time to time.
    this.#streams[number] ??= { info, timeBase, msbPtsShift, lastPts: 0 };
    if (this.#areTold || this.#streams.filter(Boolean).length < this.#streamCount) return;
    this.#areTold = true;
    this.#listener.onStreams(this.#streams.map((stream) => stream.info));
  }

  #readSyncpoint(cursor: Cursor): void {
    const coded = cursor.v();
    if (this.#isBroadcast) cursor.v();
    const base = this.#timeBases[coded % this.#timeBases.length];
    if (base === undefined) throw new Error('A time of it has no base.');
    const pts = Math.floor(coded / this.#timeBases.length);
    for (const stream of this.#streams) {
      const { num, den } = stream.timeBase;
      stream.lastPts = Math.floor((pts * base.num * den) / (base.den * num));
    }
  }

  #parseFrame(cursor: Cursor): number {
    const code = this.#codes[cursor.byte()];
    if (code === undefined || code.flags & FLAG_INVALID) throw new Error('A frame of it is none.');
    let { flags } = code;
    if (flags & FLAG_CODED) flags ^= cursor.v();
    const number = flags & FLAG_STREAM_ID ? cursor.v() : code.stream;
    const codedPts = flags & FLAG_CODED_PTS ? cursor.v() : null;
    const msb = flags & FLAG_SIZE_MSB ? cursor.v() : 0;
    if (flags & FLAG_MATCH_TIME) cursor.s();
    const headerIndex = flags & FLAG_HEADER_IDX ? cursor.v() : code.header;
    const reserved = flags & FLAG_RESERVED ? cursor.v() : code.reserved;
    for (let i = 0; i < reserved && !cursor.isShort; i++) cursor.v();
    if (flags & FLAG_CHECKSUM) cursor.skip(4);
    if (cursor.isShort) return 0;
    if (flags & FLAG_SM_DATA) throw new Error('It has data besides its frames.');
    const stream = this.#streams[number];
    if (stream === undefined) throw new Error('A frame of it belongs to no stream.');
    const pts = codedPts === null ? stream.lastPts + code.ptsDelta : ptsOf(codedPts, stream);
    stream.lastPts = pts;
    const bytes = code.sizeLsb + msb * code.sizeMul;
    if (bytes > MAX_FRAME_BYTES) throw new Error('A frame of it is too long.');
    const ptsMs = (pts * stream.timeBase.num * 1000) / stream.timeBase.den;
    this.#beginFrame({ number, ptsMs, bytes, header: this.#headers[headerIndex] });
    return cursor.at;
  }

  #beginFrame({
    number,
    ptsMs,
    bytes,
    header = Buffer.alloc(0),
  }: {
    readonly number: number;
    readonly ptsMs: number;
    readonly bytes: number;
    /** What it begins with, and is not written. */
    readonly header: Buffer | undefined;
  }): void {
    const place = bytes === 0 ? null : this.#listener.onFrame(number, ptsMs, bytes);
    const frame = { stream: number, ptsMs, place };
    this.#frame = frame;
    this.#frameBytes = bytes;
    place?.set(header.subarray(0, bytes));
    this.#filled = Math.min(header.length, bytes);
    this.#endFrame(frame);
  }
}

/** The whole of a timestamp of which the lowest bits are written, if it is one: that nearest to the one before. */
function ptsOf(coded: number, { msbPtsShift, lastPts }: StreamState): number {
  const span = 2 ** msbPtsShift;
  if (coded >= span) return coded - span;
  const least = lastPts - Math.floor((span - 1) / 2);
  return least + ((((coded - least) % span) + span) % span);
}

function readFrameCodes(cursor: Cursor): FrameCode[] {
  const codes: FrameCode[] = [];
  let [ptsDelta, sizeMul, stream, header] = [0, 1, 0, 0];
  while (codes.length < FRAME_CODES && !cursor.isShort) {
    const flags = cursor.v();
    const fields = cursor.v();
    if (fields > 0) ptsDelta = cursor.s();
    if (fields > 1) sizeMul = cursor.v();
    if (fields > 2) stream = cursor.v();
    const size = fields > 3 ? cursor.v() : 0;
    const reserved = fields > 4 ? cursor.v() : 0;
    const count = fields > 5 ? cursor.v() : sizeMul - size;
    if (fields > 6) cursor.s();
    if (fields > 7) header = cursor.v();
    for (let i = 8; i < Math.min(fields, MAX_FIELDS); i++) cursor.v();
    for (let i = 0; i < count && codes.length < FRAME_CODES; i++) {
      const code = { flags, stream, sizeMul, sizeLsb: size + i, ptsDelta, reserved, header };
      // The byte that start codes begin with is left out of the count.
      if (codes.length === START_BYTE) codes.push({ ...code, flags: FLAG_INVALID });
      codes.push(code);
    }
    if (count === 0 && fields <= 5) throw new Error('Its codes make no sense.');
  }
  return codes.slice(0, FRAME_CODES);
}
