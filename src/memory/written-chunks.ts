import type { Heap } from './heap.js';

/** Pages are given back by so many bytes at a time: a multiple of any page size. */
export const CHUNK_BYTES = 1024 ** 2;

/** Gives a range of shared memory back to the system; see give-back.ts. Answers whether it could. */
export type GiveBack = (memory: WebAssembly.Memory, start: number, bytes: number) => boolean;

/** How much is to be given back, bytes. */
export type GiveBackLimits = {
  /** What is left, for what is painted next. */
  readonly spareBytes: number;
  /** At most this at once. */
  readonly mostBytes: number;
};

/** Which parts of the shared memory have been written to and take memory of the system, kept by the thread that owns the heap. */
export class WrittenChunks {
  readonly #memory: WebAssembly.Memory;
  readonly #isWritten: Uint8Array;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    // Whoever had the memory before may have written to all of it.
    this.#isWritten = new Uint8Array(memory.buffer.byteLength / CHUNK_BYTES).fill(1);
  }

  /** A block of the heap is about to be written. */
  add(start: number, bytes: number): void {
    this.#isWritten.fill(
      1,
      Math.floor(start / CHUNK_BYTES),
      Math.ceil((start + bytes) / CHUNK_BYTES),
    );
  }

  /**
   * Gives back chunks that are free in the heap, the highest first, since it is the lowest that are taken first.
   * @returns bytes given back
   */
  giveBack(heap: Heap, { spareBytes, mostBytes }: GiveBackLimits, giveBackPages: GiveBack): number {
    const free = heap.freeSpans.flatMap(({ start, end }) => this.#writtenIn(start, end));
    const count = Math.min(
      free.length - Math.ceil(spareBytes / CHUNK_BYTES),
      Math.floor(mostBytes / CHUNK_BYTES),
    );
    if (count <= 0) return 0;
    for (const chunk of free.slice(-count)) {
      if (!giveBackPages(this.#memory, chunk * CHUNK_BYTES, CHUNK_BYTES)) return 0;
      this.#isWritten[chunk] = 0;
    }
    return count * CHUNK_BYTES;
  }

  /** Written chunks that lie wholly within a range. */
  #writtenIn(start: number, end: number): number[] {
    const chunks: number[] = [];
    for (let i = Math.ceil(start / CHUNK_BYTES); (i + 1) * CHUNK_BYTES <= end; i++)
      if (this.#isWritten[i] === 1) chunks.push(i);
    return chunks;
  }
}
