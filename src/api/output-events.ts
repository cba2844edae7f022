import type { ServiceEvent } from '../core/event.js';
import type { OutputStatus } from '../output/status.js';

/** So many events of one output may come at once; further ones come at this interval, each with the newest values. */
const BURST = 10;
const SPACING_MS = 30_000;

type Followed = {
  /** What was published last; null: nothing yet. */
  published: OutputStatus | null;
  latest: OutputStatus;
  /** How many may be published at once, as of `countedAtMs`. */
  allowance: number;
  countedAtMs: number;
  timer: NodeJS.Timeout | null;
};

/**
 * Tells what is news of the outputs: that one connects, is live, was lost and why, or is idle. How much it has sent is
 * for statistics and metrics, and that a lost one is tried again and fails as before is none; an output that comes and
 * goes all the time is reported at a bounded rate.
 */
export class OutputEvents {
  readonly #publish: (event: ServiceEvent) => void;
  readonly #nowMs: () => number;
  readonly #outputs = new Map<string, Followed>();

  /** `nowMs` is of a clock that only goes forward. */
  constructor(publish: (event: ServiceEvent) => void, nowMs: () => number) {
    this.#publish = publish;
    this.#nowMs = nowMs;
  }

  /** Takes every report, however often one comes. */
  onStatus(status: OutputStatus): void {
    const followed = this.#outputs.get(status.id) ?? this.#follow(status);
    followed.latest = status;
    if (!isNews(followed.published, status) || followed.timer !== null) return;
    this.#count(followed);
    if (followed.allowance >= 1) this.#publishLatest(followed);
    else this.#publishLater(followed, (1 - followed.allowance) * SPACING_MS);
  }

  /** Takes the outputs that there are: what is known of others is forgotten. */
  keep(ids: ReadonlySet<string>): void {
    for (const [id, { timer }] of this.#outputs) {
      if (ids.has(id)) continue;
      if (timer !== null) clearTimeout(timer);
      this.#outputs.delete(id);
    }
  }

  #follow(latest: OutputStatus): Followed {
    const countedAtMs = this.#nowMs();
    const followed: Followed = {
      published: null,
      latest,
      allowance: BURST,
      countedAtMs,
      timer: null,
    };
    this.#outputs.set(latest.id, followed);
    return followed;
  }

  #count(followed: Followed): void {
    const nowMs = this.#nowMs();
    const earned = (nowMs - followed.countedAtMs) / SPACING_MS;
    followed.allowance = Math.min(BURST, followed.allowance + earned);
    followed.countedAtMs = nowMs;
  }

  #publishLatest(followed: Followed): void {
    followed.allowance -= 1;
    followed.published = followed.latest;
    this.#publish({ topic: 'output', type: 'output.status', data: { ...followed.latest } });
  }

  #publishLater(followed: Followed, delayMs: number): void {
    followed.timer = setTimeout(() => {
      followed.timer = null;
      this.#count(followed);
      // By then it may be what was published last.
      if (isNews(followed.published, followed.latest)) this.#publishLatest(followed);
    }, delayMs);
    followed.timer.unref();
  }
}

function isNews(
  published: OutputStatus | null,
  { state, reconnects, lastError }: OutputStatus,
): boolean {
  if (published === null) return true;
  // It is tried again: whether that helps is news, not that it is tried.
  const isRetry = published.state === 'waiting' && state === 'connecting';
  return (
    (published.state !== state && !isRetry) ||
    published.reconnects !== reconnects ||
    published.lastError !== lastError
  );
}
