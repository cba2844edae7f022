import { getEnvironmentData } from 'node:worker_threads';

/**
 * Lines of the log on their way from every thread to the one that writes them, in shared memory: no thread ever waits for
 * whoever reads standard output. What finds no room is dropped and counted.
 *
 *     bytes  0                                  64
 *            HEAD TAIL DROPPED                  DATA: records { i32 length, bytes, up to a multiple of 4 }, one after the other
 *
 * | word    | writer      | readers    | ordering |
 * |---------|-------------|------------|----------|
 * | HEAD    | all loggers | log writer | moved by compare and exchange: a record's room belongs to who has moved it |
 * | length  | its logger, then the log writer | log writer | stored after the bytes; 0 again before TAIL lets others have the room |
 * | TAIL    | log writer  | all        | moved when a record has been written out |
 * | DROPPED | all loggers | main       | counted up |
 *
 * HEAD and TAIL count words of DATA for ever, modulo 2^32.
 */

const HEAD = 0;
const TAIL = 1;
const DROPPED = 2;
const DATA_WORD = 16;

/** A quarter of a megabyte: some thousand lines. A power of two. */
const DATA_WORDS = 65_536;
/** A line that is longer is dropped, bytes. */
const MAX_LINE_BYTES = 65_536;
/** A logger that has ended in the middle of a line must not hold up the others for longer, milliseconds. */
const UNFINISHED_MS = 1000;

/** Where all threads find the ring, in the data of their environment. */
export const LOG_RING_KEY = 'stream-manager: log';

/** The ring that this thread and all others log to; null: none writes it, and loggers write for themselves. */
export function sharedLogRing(): LogRing | null {
  const buffer = getEnvironmentData(LOG_RING_KEY);
  return buffer instanceof SharedArrayBuffer ? new LogRing(buffer) : null;
}

export class LogRing {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;

  /** @param buffer - of a ring that another thread has made; default: a new one */
  constructor(buffer = new SharedArrayBuffer((DATA_WORD + DATA_WORDS) * 4)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
    this.#bytes = new Uint8Array(buffer, DATA_WORD * 4);
  }

  /** Lines that found no room. */
  get dropped(): number {
    return Atomics.load(this.#words, DROPPED) >>> 0;
  }

  get isEmpty(): boolean {
    return Atomics.load(this.#words, HEAD) === Atomics.load(this.#words, TAIL);
  }

  /** Adds a line, or drops it. Never waits. */
  push(line: string): void {
    const bytes = Buffer.from(line);
    const words = this.#words;
    const count = 1 + Math.ceil(bytes.length / 4);
    for (;;) {
      const head = Atomics.load(words, HEAD);
      const used = (head - Atomics.load(words, TAIL)) | 0;
      if (bytes.length > MAX_LINE_BYTES || used + count > DATA_WORDS) {
        Atomics.add(words, DROPPED, 1);
        return;
      }
      if (Atomics.compareExchange(words, HEAD, head, (head + count) | 0) !== head) continue;
      const from = this.#byteOf(head + 1);
      const first = Math.min(bytes.length, this.#bytes.length - from);
      this.#bytes.set(bytes.subarray(0, first), from);
      this.#bytes.set(bytes.subarray(first), 0);
      Atomics.store(words, this.#wordOf(head), bytes.length);
      Atomics.notify(words, HEAD);
      return;
    }
  }

  /** The oldest line, waiting up to `timeoutMs` for one; null: there is none. For the log writer alone. */
  take(timeoutMs: number): Buffer | null {
    const words = this.#words;
    const tail = Atomics.load(words, TAIL);
    Atomics.wait(words, HEAD, tail, timeoutMs);
    if (Atomics.load(words, HEAD) === tail) return null;
    const at = this.#wordOf(tail);
    Atomics.wait(words, at, 0, UNFINISHED_MS);
    const length = Atomics.load(words, at);
    if (length === 0) {
      this.#giveUp(tail);
      return null;
    }
    const from = this.#byteOf(tail + 1);
    const first = Math.min(length, this.#bytes.length - from);
    return Buffer.concat([
      this.#bytes.subarray(from, from + first),
      this.#bytes.subarray(0, length - first),
    ]);
  }

  /** The line that was taken has been written. */
  written(line: Buffer): void {
    this.#moveTail(1 + Math.ceil(line.length / 4));
  }

  /** The lines behind one that is never finished cannot be told from each other. */
  #giveUp(tail: number): void {
    Atomics.add(this.#words, DROPPED, 1);
    this.#moveTail((Atomics.load(this.#words, HEAD) - tail) | 0);
  }

  #moveTail(count: number): void {
    const tail = Atomics.load(this.#words, TAIL);
    for (let i = 0; i < count; i++) Atomics.store(this.#words, this.#wordOf(tail + i), 0);
    Atomics.store(this.#words, TAIL, (tail + count) | 0);
    Atomics.notify(this.#words, TAIL);
  }

  /** Waits until all lines are written, at most `timeoutMs`; answers whether they are. For the end of the process. */
  drain(timeoutMs: number): boolean {
    const endMs = performance.now() + timeoutMs;
    while (!this.isEmpty) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return false;
      Atomics.wait(this.#words, TAIL, Atomics.load(this.#words, TAIL), Math.min(leftMs, 10));
    }
    return true;
  }

  #wordOf(index: number): number {
    return DATA_WORD + (index & (DATA_WORDS - 1));
  }

  #byteOf(index: number): number {
    return (index & (DATA_WORDS - 1)) * 4;
  }
}
