import pLimit from 'p-limit';
import type { ServiceEvent } from '../core/event.js';
import type { Logger } from '../core/logger.js';
import { toAppError, type AppError } from '../core/errors.js';
import type { Asset } from '../state/model.js';
import type { ContentCache } from './content-cache.js';
import { FetchError } from './fetch-error.js';
import type { Fetched, Fetcher, Validators } from './fetcher.js';
import { freshForMs, type FreshnessBounds } from './freshness.js';
import type { Ingest } from './ingest.js';
import { hashesOfAsset, NO_CONTENT, type AssetRecords } from './records.js';

/** When fetches are repeated. */
export type RefreshPolicy = {
  readonly concurrency: number;
  /** Pauses before the second, third, … try of one series; each is lengthened by up to a quarter at random. */
  readonly retryDelaysMs: readonly number[];
  /** Pause after a failed series; doubles with every further one, up to the second figure. */
  readonly laterMs: number;
  readonly latestMs: number;
  readonly freshness: FreshnessBounds;
};

/**
 * A scoreboard's picture may be replaced every minute; a logo is asked for a few times an hour. Fetches mostly wait, and some
 * servers take a minute: with many at a time those hold up nobody.
 */
export const REFRESH_POLICY: RefreshPolicy = {
  concurrency: 24,
  retryDelaysMs: [1_000, 3_000, 9_000],
  laterMs: 60_000,
  latestMs: 600_000,
  freshness: { minMs: 5_000, defaultMs: 300_000, maxMs: 86_400_000 },
};

export type UrlAssetsOptions = {
  readonly records: AssetRecords;
  readonly cache: ContentCache;
  readonly fetcher: Fetcher;
  readonly ingest: Ingest;
  readonly policy: RefreshPolicy;
  readonly isUsed: (id: string) => boolean;
  readonly publish: (event: ServiceEvent) => void;
  readonly logger: Logger;
};

/** Keeps the content of assets that come from an address: first fetch, repeated tries, asking whether it is still the same. */
export interface UrlAssets {
  /** Fetches now, unless that is going on already. Never rejects: what went wrong is in the record. */
  refresh(id: string): Promise<void>;
  /** An asset that came into use: fetched when it is not there or not fresh. */
  use(id: string): void;
  forget(id: string): void;
  close(): Promise<void>;
}

type Job = {
  readonly controller: AbortController;
  running: Promise<void> | null;
  timer: NodeJS.Timeout | null;
  /** Failures in a row. */
  failures: number;
  lastModified: string | null;
  /** On the monotonic clock; 0: nothing is known of it in this run. */
  staleAtMs: number;
};

const NO_VALIDATORS: Validators = { etag: null, lastModified: null };

export class FetchedAssets implements UrlAssets {
  readonly #options: UrlAssetsOptions;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #jobs = new Map<string, Job>();
  #isClosed = false;

  constructor(options: UrlAssetsOptions) {
    this.#options = options;
    this.#limit = pLimit(options.policy.concurrency);
  }

  refresh(id: string): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    const job = this.#jobOf(id);
    if (job.timer !== null) clearTimeout(job.timer);
    job.timer = null;
    job.running ??= this.#run(id, job)
      .catch((error: unknown) => {
        this.#options.logger.error(
          { asset: id, err: error },
          'the outcome of a fetch could not be recorded',
        );
      })
      .finally(() => {
        job.running = null;
        this.#planNext(id, job);
      });
    return job.running;
  }

  use(id: string): void {
    const asset = this.#options.records.get(id);
    if (asset?.source.kind !== 'url') return;
    const job = this.#jobOf(id);
    const leftMs = job.staleAtMs - performance.now();
    if (this.#hasContent(asset) && leftMs > 0) this.#plan(id, job, leftMs);
    else if (job.timer === null || job.failures === 0) void this.refresh(id);
  }

  forget(id: string): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) cancel(job);
    this.#jobs.delete(id);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#jobs.values()].flatMap((job) => job.running ?? []);
    for (const job of this.#jobs.values()) cancel(job);
    this.#jobs.clear();
    await Promise.all(running);
  }

  /** Only when a fetch has ended: who asks while it runs is given that one, answered before the asset came into use perhaps. */
  #planNext(id: string, job: Job): void {
    const { records, isUsed } = this.#options;
    const isByUrl = records.get(id)?.source.kind === 'url';
    if (job.timer !== null || !isByUrl || !isUsed(id)) return;
    this.#plan(id, job, Math.max(0, job.staleAtMs - performance.now()));
  }

  #jobOf(id: string): Job {
    const known = this.#jobs.get(id);
    if (known !== undefined) return known;
    const job: Job = {
      controller: new AbortController(),
      running: null,
      timer: null,
      failures: 0,
      lastModified: null,
      staleAtMs: 0,
    };
    this.#jobs.set(id, job);
    return job;
  }

  #hasContent(asset: Asset): boolean {
    const { cache } = this.#options;
    const hashes = hashesOfAsset(asset);
    return asset.contentHash !== null && hashes.every((hash) => cache.sizeOf(hash) !== null);
  }

  #plan(id: string, job: Job, delayMs: number): void {
    const { records, isUsed } = this.#options;
    if (job.timer !== null) clearTimeout(job.timer);
    if (this.#isClosed || job.controller.signal.aborted) return;
    job.timer = setTimeout(() => {
      job.timer = null;
      const asset = records.get(id);
      if (asset !== null && (isUsed(id) || !this.#hasContent(asset))) void this.refresh(id);
    }, delayMs);
    job.timer.unref();
  }

  async #run(id: string, job: Job): Promise<void> {
    const { signal } = job.controller;
    try {
      await this.#limit(() => {
        // One that was given up while it waited is not begun.
        signal.throwIfAborted();
        return this.#fetchOnce(id, job);
      });
      job.failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      await this.#onFailure(id, job, toAppError(error));
    }
  }

  async #fetchOnce(id: string, job: Job): Promise<void> {
    const { records, cache, fetcher, policy } = this.#options;
    const asset = records.get(id);
    if (asset?.source.kind !== 'url') return;
    const { url } = asset.source;
    const known = this.#hasContent(asset)
      ? { etag: asset.etag, lastModified: job.lastModified }
      : NO_VALIDATORS;
    await cache.withTemp(async (path) => {
      const fetched = await fetcher.fetch(url, known, path, job.controller.signal);
      if (fetched.outcome === 'content') await this.#take(id, job, path, fetched);
      else for (const hash of hashesOfAsset(asset)) cache.touch(hash);
      job.lastModified = fetched.validators.lastModified;
      const freshMs = freshForMs(fetched.cacheControl, fetched.age, policy.freshness);
      job.staleAtMs = performance.now() + freshMs;
    });
  }

  async #take(id: string, job: Job, path: string, fetched: Fetched): Promise<void> {
    const { records, cache, ingest } = this.#options;
    const { content, release } = await ingest.take(path, job.controller.signal);
    try {
      const { contentHash, renditionHash } = content;
      const etag = fittingEtag(fetched.validators.etag);
      await records.update(id, (asset) => {
        const isSame = asset.contentHash === contentHash && asset.renditionHash === renditionHash;
        if (isSame && asset.state === 'ready' && asset.etag === etag) return null;
        // The program may just be about to read the earlier content: it goes a while after its last use.
        if (!isSame) for (const hash of hashesOfAsset(asset)) cache.touch(hash);
        return { ...asset, ...content, etag, state: 'ready', error: null };
      });
    } finally {
      release();
    }
  }

  /** Tries again, soon or later; what has failed for a whole series is recorded. */
  async #onFailure(id: string, job: Job, error: AppError): Promise<void> {
    const { records, policy, logger } = this.#options;
    const tries = policy.retryDelaysMs.length + 1;
    const delayMs = policy.retryDelaysMs[job.failures % tries];
    job.failures++;
    const isRetryable = error instanceof FetchError && error.retryable;
    if (isRetryable && delayMs !== undefined) {
      logger.debug({ asset: id, reason: error.message, delayMs }, 'fetch failed, trying again');
      this.#plan(id, job, delayMs * (1 + Math.random() / 4));
      return;
    }
    const series = Math.ceil(job.failures / tries);
    job.failures = series * tries;
    this.#plan(id, job, Math.min(policy.latestMs, policy.laterMs * 2 ** Math.min(series - 1, 20)));
    const asset = records.get(id);
    if (asset === null) return;
    if (this.#hasContent(asset)) this.#keepStale(id, error, series === 1);
    else await this.#recordFailure(id, error);
  }

  /** Content that is there stays in use whatever the server says now: a stale picture is better than none. */
  #keepStale(id: string, { code, message: reason }: AppError, isFirst: boolean): void {
    const { publish, logger } = this.#options;
    logger.warn({ asset: id, reason }, 'could not be refreshed, the existing content stays in use');
    if (isFirst) publish({ topic: 'asset', type: 'asset.stale', data: { id, code, reason } });
  }

  async #recordFailure(id: string, { code, message: reason }: AppError): Promise<void> {
    const { records, logger } = this.#options;
    logger.warn({ asset: id, code, reason }, 'could not be fetched');
    const text = `${reason} The service retries automatically.`.slice(0, 2000);
    await records.update(id, (newest) =>
      newest.state === 'failed' && newest.error === text
        ? null
        : { ...newest, ...NO_CONTENT, state: 'failed', error: text },
    );
  }
}

function cancel(job: Job): void {
  job.controller.abort();
  if (job.timer !== null) clearTimeout(job.timer);
}

/** The record has room for 1024 characters; a longer ETag is as good as none. */
function fittingEtag(etag: string | null): string | null {
  return etag !== null && etag.length <= 1024 ? etag : null;
}
