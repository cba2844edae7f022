import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Logger } from '../core/logger.js';
import { SAMPLED_TOPICS } from '../core/event.js';
import type { PublishedEvent } from './event-hub.js';
import { EventQueue, type Queued } from './event-queue.js';

export type WebhookLimits = {
  /** What may wait, in events and in bytes of JSON; beyond it the oldest of the type that there is most of are dropped. */
  readonly queueEvents: number;
  readonly queueBytes: number;
  /** What one request may hold; a single event may be larger than the bytes. */
  readonly batchEvents: number;
  readonly batchBytes: number;
  /** From the end of a request to the next one, so that many events make few requests; not when a batch is full. */
  readonly spacingMs: number;
  /** How long the receiver may take over one request. */
  readonly requestMs: number;
  /** The pause after the first failure; doubles up to the second. Each pause is shortened by up to half, at random. */
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  /** How long close() goes on posting what waits. */
  readonly closeMs: number;
};

export const WEBHOOK_LIMITS: WebhookLimits = {
  queueEvents: 1000,
  queueBytes: 8_000_000,
  batchEvents: 100,
  batchBytes: 1_000_000,
  spacingMs: 500,
  requestMs: 5000,
  retryMinMs: 250,
  retryMaxMs: 30_000,
  closeMs: 2000,
};

export type WebhookOptions = {
  /** Where events are posted to. */
  readonly url: string;
  /** Key of the signature; null: requests are not signed. */
  readonly secret: string | null;
  readonly limits: WebhookLimits;
  readonly logger: Logger;
};

/** The receiver has read these and will never take them: sending them again would only hold up the rest. */
const REFUSING_STATUSES: ReadonlySet<number> = new Set([400, 413, 415, 422]);
/** Of an answer nothing is used but its status. */
const ANSWER_BYTES = 16_384;

type Waiting = Queued & { readonly json: string };

/**
 * The signature of a request, for the header `X-Stream-Manager-Signature`: HMAC-SHA256, in hex, over the time in Unix
 * seconds, a dot and the body. A receiver computes it anew, and refuses old times so that nothing can be replayed.
 */
export function signatureOf(body: string, secret: string, unixSeconds: number): string {
  const digest = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${digest}`;
}

/**
 * Posts events to the admin service: `{"events": [...], "dropped": n}`, in order, one request at a time, again and
 * again until it answers 2xx. Nobody ever waits for it: what the receiver is too slow for is dropped, first the oldest of
 * what there is most of, and counted in `dropped` since the request before.
 */
export class EventWebhook {
  readonly #options: WebhookOptions;
  readonly #agent: Agent;
  readonly #closing = new AbortController();
  readonly #aborting = new AbortController();
  readonly #queue: EventQueue<Waiting>;
  /** Lost since the last request that arrived, and since the start. */
  #droppedSincePost = 0;
  #droppedTotal = 0;
  #sending: Promise<void> | null = null;
  #isFailing = false;

  constructor(options: WebhookOptions) {
    this.#options = options;
    const { requestMs, queueEvents, queueBytes } = options.limits;
    this.#queue = new EventQueue(queueEvents, queueBytes);
    this.#agent = new Agent({
      connections: 1,
      connectTimeout: requestMs,
      headersTimeout: requestMs,
      bodyTimeout: requestMs,
    });
    if (options.secret === null) {
      options.logger.warn('Events are posted without a signature; set WEBHOOK_SECRET to sign them');
    }
  }

  /** How many events were lost since the start. */
  get droppedTotal(): number {
    return this.#droppedTotal;
  }

  /** Takes an event along; returns at once. Statistics come several times a second and are not posted. */
  push(event: PublishedEvent): void {
    if (SAMPLED_TOPICS.has(event.topic) || this.#closing.signal.aborted) return;
    const json = JSON.stringify(event);
    const { seq, type } = event;
    this.#countDropped(this.#queue.push({ seq, type, size: Buffer.byteLength(json), json }).length);
    this.#sending ??= this.#sendAll();
  }

  /** Goes on posting for `closeMs` at the most, then gives up what is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    const giveUp = setTimeout(() => {
      this.#aborting.abort();
    }, this.#options.limits.closeMs);
    await this.#sending;
    clearTimeout(giveUp);
    await this.#agent.destroy();
  }

  async #sendAll(): Promise<void> {
    let failures = 0;
    while (this.#queue.length > 0 && !this.#aborting.signal.aborted) {
      const problem = await this.#sendBatch();
      failures = problem === null ? 0 : failures + 1;
      if (problem === null) {
        await this.#space();
        continue;
      }
      // At the end there is no time to be patient with a receiver that fails.
      if (this.#closing.signal.aborted) break;
      this.#tellFailing(problem);
      await this.#pause(failures);
    }
    this.#sending = null;
  }

  /** Null when the batch is done with, else why it has to be sent again. */
  async #sendBatch(): Promise<string | null> {
    const batch = this.#nextBatch();
    const dropped = this.#droppedSincePost;
    const body = `{"events":[${batch.map(({ json }) => json).join(',')}],"dropped":${dropped}}`;
    let status: number;
    try {
      status = await this.#post(body);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    const isTaken = status >= 200 && status < 300;
    if (!isTaken && !REFUSING_STATUSES.has(status))
      return `the receiver responded with status ${status}`;
    // While the request was under way, some of the batch may have been dropped from the queue.
    const done = this.#queue.removeUpTo(batch.at(-1)?.seq ?? -1).length;
    if (isTaken) {
      // What was dropped from the queue while it was on its way has arrived after all.
      const arrived = batch.length - done;
      this.#droppedSincePost -= dropped + arrived;
      this.#droppedTotal -= arrived;
      this.#tellTaken(dropped);
    } else {
      this.#countDropped(done);
      this.#options.logger.warn({ status, events: done }, 'The event receiver rejects some events');
    }
    return null;
  }

  #nextBatch(): Waiting[] {
    const { batchEvents, batchBytes } = this.#options.limits;
    const waiting = this.#queue.after(-1);
    let sum = 0;
    const end = waiting.findIndex(({ size }, i) => {
      sum += size;
      return i > 0 && (i >= batchEvents || sum > batchBytes);
    });
    return end < 0 ? waiting : waiting.slice(0, end);
  }

  async #post(body: string): Promise<number> {
    const { url, secret, limits } = this.#options;
    const signature =
      secret === null
        ? {}
        : {
            'x-stream-manager-signature': signatureOf(body, secret, Math.floor(Date.now() / 1000)),
          };
    const { statusCode, body: answer } = await request(url, {
      method: 'POST',
      dispatcher: this.#agent,
      headers: { 'content-type': 'application/json', 'user-agent': 'stream-manager', ...signature },
      body,
      signal: AbortSignal.any([this.#aborting.signal, AbortSignal.timeout(limits.requestMs)]),
    });
    await answer.dump({ limit: ANSWER_BYTES });
    return statusCode;
  }

  /** Lets events gather for the next request, unless there are enough for one, or none. */
  async #space(): Promise<void> {
    const { spacingMs, batchEvents } = this.#options.limits;
    if (this.#queue.length < batchEvents) await this.#sleep(spacingMs);
  }

  async #pause(failures: number): Promise<void> {
    const { retryMinMs, retryMaxMs } = this.#options.limits;
    const fullMs = Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(failures - 1, 20));
    await this.#sleep(fullMs * (0.5 + Math.random() / 2));
  }

  /** Ends early when it is being closed. */
  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
  }

  #countDropped(count: number): void {
    if (count === 0) return;
    if (this.#droppedSincePost === 0) {
      this.#options.logger.warn(
        'Events are being dropped because the event receiver is unreachable or too slow',
      );
    }
    this.#droppedSincePost += count;
    this.#droppedTotal += count;
  }

  #tellTaken(dropped: number): void {
    if (!this.#isFailing && dropped === 0) return;
    this.#isFailing = false;
    this.#options.logger.warn({ dropped }, 'The event receiver accepts events again');
  }

  #tellFailing(problem: string): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#options.logger.warn(
      { reason: problem, waiting: this.#queue.length },
      'The event receiver does not accept events; they are kept and posted again',
    );
  }
}
