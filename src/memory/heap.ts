/** A free part of the heap. */
type Span = { start: number; end: number };

/**
 * First-fit allocator over a range of the shared memory, kept by one thread. It works with a few thousand blocks
 * at the most, so that a sorted list of free spans is all it takes.
 */
export class Heap {
  readonly #alignBytes: number;
  readonly #free: Span[];
  readonly #taken = new Map<number, number>();
  #usedBytes = 0;

  /** `start` must be a multiple of `alignBytes`. */
  constructor(start: number, bytes: number, alignBytes: number) {
    this.#alignBytes = alignBytes;
    this.#free = [{ start, end: start + Math.floor(bytes / alignBytes) * alignBytes }];
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** What is free, in order. */
  get freeSpans(): readonly Readonly<Span>[] {
    return this.#free;
  }

  /** Start of a block of at least `bytes`, or null when no free span is large enough. */
  allocate(bytes: number): number | null {
    const size = Math.ceil(bytes / this.#alignBytes) * this.#alignBytes;
    const index = this.#free.findIndex(({ start, end }) => end - start >= size);
    const span = this.#free[index];
    if (span === undefined) return null;
    const { start } = span;
    span.start += size;
    if (span.start === span.end) this.#free.splice(index, 1);
    this.#taken.set(start, size);
    this.#usedBytes += size;
    return start;
  }

  /** Gives a block back. @throws Error when there is no block at `start`. */
  release(start: number): void {
    const size = this.#taken.get(start);
    if (size === undefined) throw new Error(`There is no block at ${start}.`);
    this.#taken.delete(start);
    this.#usedBytes -= size;
    const end = start + size;
    let index = this.#free.findIndex((span) => span.start > start);
    if (index === -1) index = this.#free.length;
    const before = this.#free[index - 1];
    const after = this.#free[index];
    const joinsBefore = before?.end === start;
    const joinsAfter = after?.start === end;
    if (joinsBefore && joinsAfter) {
      before.end = after.end;
      this.#free.splice(index, 1);
    } else if (joinsBefore) before.end = end;
    else if (joinsAfter) after.start = start;
    else this.#free.splice(index, 0, { start, end });
  }
}
