import type { ServiceEvent } from '../core/event.js';
import type { OutputStatus } from '../output/status.js';

/** So many events of one output may come at once; further ones come this far apart, each with what is true by then. */
const BURST = 10;
const SPACING_MS = 30_000;

type Followed = {
  /** What was told last; null: nothing yet. */
  told: OutputStatus | null;
  latest: OutputStatus;
  /** How many may be told at once, as of `countedAtMs`. */
  allowance: number;
  countedAtMs: number;
  timer: NodeJS.Timeout | null;
};

/**
 * Tells what is news of the outputs: that one connects, is live, was lost and why, or is idle. How much it has sent is
 * for statistics and metrics, and that a lost one is tried again and fails as before is none; an output that comes and
 * goes all the time is told of at a bounded rate.
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

  /** To be told of every report, however often it comes. */
  onStatus(status: OutputStatus): void {
    const followed = this.#outputs.get(status.id) ?? this.#follow(status);
    followed.latest = status;
    if (!isNews(followed.told, status) || followed.timer !== null) return;
    this.#count(followed);
    if (followed.allowance >= 1) this.#tell(followed);
    else this.#tellLater(followed, (1 - followed.allowance) * SPACING_MS);
  }

  /** To be told of the outputs that there are: what is known of others is forgotten. */
  keep(ids: ReadonlySet<string>): void {
    for (const [id, { timer }] of this.#outputs) {
      if (ids.has(id)) continue;
      if (timer !== null) clearTimeout(timer);
      this.#outputs.delete(id);
    }
  }

  #follow(latest: OutputStatus): Followed {
    const countedAtMs = this.#nowMs();
    const followed: Followed = { told: null, latest, allowance: BURST, countedAtMs, timer: null };
    this.#outputs.set(latest.id, followed);
    return followed;
  }

  #count(followed: Followed): void {
    const nowMs = this.#nowMs();
    const earned = (nowMs - followed.countedAtMs) / SPACING_MS;
    followed.allowance = Math.min(BURST, followed.allowance + earned);
    followed.countedAtMs = nowMs;
  }

  #tell(followed: Followed): void {
    followed.allowance -= 1;
    followed.told = followed.latest;
    this.#publish({ topic: 'output', type: 'output.status', data: { ...followed.latest } });
  }

  #tellLater(followed: Followed, delayMs: number): void {
    followed.timer = setTimeout(() => {
      followed.timer = null;
      this.#count(followed);
      // By then it may be what it was when it was last told of.
      if (isNews(followed.told, followed.latest)) this.#tell(followed);
    }, delayMs);
    followed.timer.unref();
  }
}

function isNews(
  told: OutputStatus | null,
  { state, reconnects, lastError }: OutputStatus,
): boolean {
  if (told === null) return true;
  // It is tried again: whether that helps is news, not that it is tried.
  const isRetry = told.state === 'waiting' && state === 'connecting';
  return (
    (told.state !== state && !isRetry) ||
    told.reconnects !== reconnects ||
    told.lastError !== lastError
  );
}
