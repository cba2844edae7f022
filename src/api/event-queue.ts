/** What is known of a kept event: its number, its type and the size of its JSON text. */
export type Queued = { readonly seq: number; readonly type: string; readonly size: number };

/** A type's events, the oldest first, and the sum of their sizes. */
type Line<T> = { readonly items: T[]; size: number };

/**
 * The newest events, up to a number and a sum of sizes. What there is too much of goes first: when it is full, the type
 * of which there are most (or which takes most room) loses its oldest. So a flood of one type, such as chat messages or
 * values that change sixty times a second, pushes out itself, and what is rare stays for hours.
 */
export class EventQueue<T extends Queued> {
  readonly #maxEvents: number;
  readonly #maxSize: number;
  readonly #lines = new Map<string, Line<T>>();
  #length = 0;
  #size = 0;

  /** `maxSize` is in the unit of `Queued.size`. A single event may be larger. */
  constructor(maxEvents: number, maxSize: number) {
    this.#maxEvents = maxEvents;
    this.#maxSize = maxSize;
  }

  get length(): number {
    return this.#length;
  }

  /** Takes the newest event. Returns those that had to go for it, which may be the event itself. */
  push(event: T): T[] {
    const line = this.#lines.get(event.type) ?? { items: [], size: 0 };
    this.#lines.set(event.type, line);
    line.items.push(event);
    line.size += event.size;
    this.#length += 1;
    this.#size += event.size;
    const gone: T[] = [];
    while (this.#length > this.#maxEvents)
      gone.push(...this.#dropOldest(({ items }) => items.length));
    while (this.#size > this.#maxSize) gone.push(...this.#dropOldest(({ size }) => size));
    return gone;
  }

  /** Those after number `seq`, the oldest first. */
  after(seq: number): T[] {
    return [...this.#lines.values()]
      .flatMap(({ items }) => {
        const start = items.findIndex((item) => item.seq > seq);
        return start < 0 ? [] : items.slice(start);
      })
      .sort((a, b) => a.seq - b.seq);
  }

  /** Takes out those up to number `seq`. */
  removeUpTo(seq: number): T[] {
    const gone: T[] = [];
    for (const [type, line] of this.#lines) {
      while (line.items[0] !== undefined && line.items[0].seq <= seq)
        gone.push(...this.#shift(type, line));
    }
    return gone;
  }

  #dropOldest(weightOf: (line: Line<T>) => number): T[] {
    const [heaviest] = [...this.#lines].sort(([, a], [, b]) => weightOf(b) - weightOf(a));
    return heaviest === undefined ? [] : this.#shift(...heaviest);
  }

  #shift(type: string, line: Line<T>): T[] {
    const event = line.items.shift();
    if (line.items.length === 0) this.#lines.delete(type);
    if (event === undefined) return [];
    line.size -= event.size;
    this.#length -= 1;
    this.#size -= event.size;
    return [event];
  }
}
