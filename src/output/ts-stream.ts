import {
  PAT_PID,
  TS_PACKET_BYTES,
  TS_SYNC_BYTE,
  isRandomAccess,
  pidOf,
  pmtPidOf,
  startsUnit,
  videoPidOf,
} from './ts-packet.js';

/** Whole packets of one video frame, or of a part of it, with the audio that lies between. */
export type TsPiece = {
  /** A multiple of 188 bytes; shared by all listeners, never changed. */
  readonly bytes: Buffer;
  /** Whether a video frame begins with the first packet; otherwise the frame of the piece before goes on. */
  readonly startsFrame: boolean;
  /** Whether that frame is a keyframe: decoding can begin here. */
  readonly isKeyframe: boolean;
};

export type TsListener = (piece: TsPiece) => void;

/** Where the encoder puts its MPEG-TS. */
export interface TsSink {
  /** The next bytes, cut anywhere. */
  push(chunk: Buffer): void;
  /** What came so far is all there will be of it: the next bytes are those of another encoder. */
  reset(): void;
}

/**
 * Takes one MPEG-TS as it comes from a pipe and hands it on in whole packets, cut where video frames begin, without
 * waiting for their end. Holds less than one packet.
 */
export class TsStream implements TsSink {
  readonly #listeners = new Set<TsListener>();
  #partial: Buffer = Buffer.alloc(0);
  #pmtPid: number | null = null;
  #videoPid: number | null = null;
  #pat: Buffer | null = null;
  #pmt: Buffer | null = null;

  /**
   * The newest association and map packets: what a reader needs before its first keyframe. Empty as long as none
   * were seen.
   */
  get tables(): Buffer {
    return this.#pat === null || this.#pmt === null
      ? Buffer.alloc(0)
      : Buffer.concat([this.#pat, this.#pmt]);
  }

  /** Called with every piece from now on. Returns the function that ends it. */
  subscribe(listener: TsListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  push(chunk: Buffer): void {
    const bytes = this.#partial.length === 0 ? chunk : Buffer.concat([this.#partial, chunk]);
    let pieceStart = 0;
    let startsFrame = false;
    let isKeyframe = false;
    let at = 0;
    for (; at + TS_PACKET_BYTES <= bytes.length; at += TS_PACKET_BYTES) {
      if (bytes[at] !== TS_SYNC_BYTE) {
        // Out of step: nothing before the next sync byte can be used.
        this.#emit(bytes.subarray(pieceStart, at), startsFrame, isKeyframe);
        const next = bytes.indexOf(TS_SYNC_BYTE, at);
        at = (next === -1 ? bytes.length : next) - TS_PACKET_BYTES;
        pieceStart = at + TS_PACKET_BYTES;
        startsFrame = isKeyframe = false;
        continue;
      }
      this.#readTables(bytes, at);
      if (pidOf(bytes, at) !== this.#videoPid || !startsUnit(bytes, at)) continue;
      this.#emit(bytes.subarray(pieceStart, at), startsFrame, isKeyframe);
      pieceStart = at;
      startsFrame = true;
      isKeyframe = isRandomAccess(bytes, at);
    }
    this.#emit(bytes.subarray(pieceStart, at), startsFrame, isKeyframe);
    this.#partial = Buffer.from(bytes.subarray(at));
  }

  reset(): void {
    this.#partial = Buffer.alloc(0);
  }

  #readTables(bytes: Buffer, at: number): void {
    const pid = pidOf(bytes, at);
    if (pid === PAT_PID) {
      this.#pmtPid = pmtPidOf(bytes, at);
      this.#pat = Buffer.from(bytes.subarray(at, at + TS_PACKET_BYTES));
    } else if (pid === this.#pmtPid) {
      this.#videoPid = videoPidOf(bytes, at) ?? this.#videoPid;
      this.#pmt = Buffer.from(bytes.subarray(at, at + TS_PACKET_BYTES));
    }
  }

  #emit(bytes: Buffer, startsFrame: boolean, isKeyframe: boolean): void {
    if (bytes.length === 0) return;
    for (const listener of this.#listeners) listener({ bytes, startsFrame, isKeyframe });
  }
}
