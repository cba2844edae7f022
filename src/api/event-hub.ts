import type { EventTopic, ServiceEvent } from '../core/event.js';

/** An event as clients get it. */
export type PublishedEvent = {
  /**
   * Grows by one with every event but those of `stats`, which carry the number of the last other event. Starts
   * from the wall clock, so that a number from before a restart is told from a new one.
   */
  readonly seq: number;
  readonly topic: EventTopic;
  readonly type: string;
  /** ISO 8601. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Events that are kept for those who were away for a moment; some hold a whole scene, so their bytes count too. */
const RING_EVENTS = 1000;
const RING_CHARS = 16 * 1024 * 1024;
/** Leaves room for this many events in every millisecond that a service runs before it is restarted. */
const SEQ_PER_MS = 1000;

/** An event and its JSON text, written once for everybody. */
type Kept = { readonly event: PublishedEvent; readonly json: string };

/** Called with an event and its JSON text. Must not throw. */
export type EventListener = (event: PublishedEvent, json: string) => void;

export type Replay = {
  /** JSON texts of the events. */
  readonly events: readonly string[];
  /** Events after the asked number are no longer kept (or the number is none of ours): read the state anew. */
  readonly gap: boolean;
};

/** Where events come together and are handed on, in order: to WebSocket clients and the webhook. */
export class EventHub {
  readonly #ring: Kept[] = [];
  #ringChars = 0;
  readonly #listeners = new Set<EventListener>();
  readonly #now: () => number;
  #newestSeq: number;

  /** `now` gives wall-clock milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#newestSeq = Math.floor(now()) * SEQ_PER_MS;
  }

  /** Number of the newest event. */
  get newestSeq(): number {
    return this.#newestSeq;
  }

  /** Numbers an event, keeps it and hands it to every listener. */
  publish({ topic, type, data }: ServiceEvent): PublishedEvent {
    const isKept = topic !== 'stats';
    if (isKept) this.#newestSeq++;
    const at = new Date(this.#now()).toISOString();
    const event: PublishedEvent = { seq: this.#newestSeq, topic, type, at, data };
    const json = JSON.stringify(event);
    if (isKept) this.#keep({ event, json });
    for (const listener of this.#listeners) listener(event, json);
    return event;
  }

  #keep(kept: Kept): void {
    this.#ring.push(kept);
    this.#ringChars += kept.json.length;
    while (this.#ring.length > RING_EVENTS || this.#ringChars > RING_CHARS) {
      this.#ringChars -= this.#ring.shift()?.json.length ?? 0;
    }
  }

  /** The kept events of some topics after number `seq`. */
  since(seq: number, topics: ReadonlySet<EventTopic>): Replay {
    const oldestSeq = this.#ring[0]?.event.seq ?? this.#newestSeq + 1;
    return {
      events: this.#ring.flatMap(({ event, json }) =>
        event.seq > seq && topics.has(event.topic) ? [json] : [],
      ),
      gap: seq < oldestSeq - 1 || seq > this.#newestSeq,
    };
  }

  /** The kept events of some topics after number `seq`, as far as `limit` of them. */
  read(
    seq: number,
    topics: ReadonlySet<EventTopic>,
    limit: number,
  ): {
    readonly events: readonly PublishedEvent[];
    readonly gap: boolean;
    /** Where to go on from. */
    readonly seq: number;
  } {
    const { gap } = this.since(seq, new Set());
    const later = this.#ring.filter(({ event }) => event.seq > seq && topics.has(event.topic));
    const events = later.slice(0, limit).map(({ event }) => event);
    const isAll = events.length === later.length;
    return { events, gap, seq: isAll ? this.#newestSeq : (events.at(-1)?.seq ?? seq) };
  }

  /** Calls `listener` for every event from now on. Returns the function that ends it. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
