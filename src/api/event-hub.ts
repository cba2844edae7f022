import { SAMPLED_TOPICS, type EventTopic, type ServiceEvent } from '../core/event.js';
import { EventQueue, type Queued } from './event-queue.js';

/** An event as clients get it. */
export type PublishedEvent = {
  /**
   * Grows by one with every event but those of `stats`, which carry the number of the last other event. Starts
   * from the wall clock, so that a number from before a restart differs from every new one.
   */
  readonly seq: number;
  readonly topic: EventTopic;
  readonly type: string;
  /** ISO 8601. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Events that are kept for those who were away for a moment; some hold a whole scene, so their bytes count too. */
const KEPT_EVENTS = 1000;
const KEPT_CHARS = 16 * 1024 * 1024;
/** Leaves room for this many events in every millisecond that a service runs before it is restarted. */
const SEQ_PER_MS = 1000;

/** An event and its JSON text, written once for everybody. */
type Kept = Queued & { readonly event: PublishedEvent; readonly json: string };

/** Called with an event and its JSON text. Must not throw. */
export type EventListener = (event: PublishedEvent, json: string) => void;

export type Replay = {
  /** JSON texts of the events. */
  readonly events: readonly string[];
  /** Events of these topics after the asked number are no longer kept (or the number is none of ours): read the state anew. */
  readonly gap: boolean;
};

/** Where events come together and are handed on, in order: to WebSocket clients and the webhook. */
export class EventHub {
  readonly #kept = new EventQueue<Kept>(KEPT_EVENTS, KEPT_CHARS);
  /** By topic, the number of the newest event that is no longer kept. */
  readonly #lostSeqs = new Map<EventTopic, number>();
  readonly #firstSeq: number;
  readonly #listeners = new Set<EventListener>();
  readonly #now: () => number;
  #newestSeq: number;

  /** `now` gives wall-clock milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#firstSeq = Math.floor(now()) * SEQ_PER_MS;
    this.#newestSeq = this.#firstSeq;
  }

  /** Number of the newest event. */
  get newestSeq(): number {
    return this.#newestSeq;
  }

  /** Numbers an event, keeps it and hands it to every listener. */
  publish({ topic, type, data }: ServiceEvent): PublishedEvent {
    const isKept = !SAMPLED_TOPICS.has(topic);
    if (isKept) this.#newestSeq++;
    const at = new Date(this.#now()).toISOString();
    const event: PublishedEvent = { seq: this.#newestSeq, topic, type, at, data };
    const json = JSON.stringify(event);
    if (isKept) this.#keep(event, json);
    for (const listener of this.#listeners) listener(event, json);
    return event;
  }

  #keep(event: PublishedEvent, json: string): void {
    const { seq, type } = event;
    for (const lost of this.#kept.push({ seq, type, size: json.length, event, json }))
      this.#lostSeqs.set(
        lost.event.topic,
        Math.max(this.#lostSeqs.get(lost.event.topic) ?? 0, lost.seq),
      );
  }

  /** The kept events of some topics after number `seq`. */
  since(seq: number, topics: ReadonlySet<EventTopic>): Replay {
    return {
      events: this.#keptAfter(seq, topics).map(({ json }) => json),
      gap: this.#hasGap(seq, topics),
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
    const later = this.#keptAfter(seq, topics);
    const events = later.slice(0, limit).map(({ event }) => event);
    const isAll = events.length === later.length;
    return {
      events,
      gap: this.#hasGap(seq, topics),
      seq: isAll ? this.#newestSeq : (events.at(-1)?.seq ?? seq),
    };
  }

  #keptAfter(seq: number, topics: ReadonlySet<EventTopic>): Kept[] {
    return this.#kept.after(seq).filter(({ event }) => topics.has(event.topic));
  }

  #hasGap(seq: number, topics: ReadonlySet<EventTopic>): boolean {
    const isOurs = seq >= this.#firstSeq && seq <= this.#newestSeq;
    return !isOurs || [...topics].some((topic) => (this.#lostSeqs.get(topic) ?? 0) > seq);
  }

  /** Calls `listener` for every event from now on. Returns the function that ends it. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
