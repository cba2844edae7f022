import type { Writable } from 'node:stream';
import type { TsPiece } from './ts-stream.js';

/**
 * What goes into one relay: from a keyframe on, everything in order, as long as the relay keeps up. When more than
 * `limitBytes` wait for it, whole frames are left out up to a keyframe at which half of that has drained.
 */
export class RelayFeed {
  readonly #target: Writable;
  readonly #limitBytes: number;
  readonly #tables: () => Buffer;
  #state: 'waiting' | 'flowing' | 'dropping' = 'waiting';
  #droppedFrames = 0;
  #bytes = 0;

  constructor(target: Writable, limitBytes: number, tables: () => Buffer) {
    this.#target = target;
    this.#limitBytes = limitBytes;
    this.#tables = tables;
  }

  /** Video frames left out because the relay was too slow. */
  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  /** Bytes handed over so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Answers whether it was for the relay to send, also when it had no room. */
  offer(piece: TsPiece): boolean {
    if (piece.startsFrame) this.#decide(piece.isKeyframe);
    if (this.#state === 'flowing') this.#write(piece.bytes);
    return this.#state !== 'waiting';
  }

  #decide(isKeyframe: boolean): void {
    const waitingBytes = this.#target.writableLength;
    if (this.#state === 'flowing' && waitingBytes > this.#limitBytes) this.#state = 'dropping';
    else if (this.#state !== 'flowing' && isKeyframe && waitingBytes <= this.#limitBytes / 2) {
      this.#state = 'flowing';
      this.#write(this.#tables());
    }
    if (this.#state === 'dropping') this.#droppedFrames += 1;
  }

  #write(bytes: Buffer): void {
    this.#bytes += bytes.length;
    this.#target.write(bytes);
  }
}
