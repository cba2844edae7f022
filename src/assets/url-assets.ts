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

export function createUrlAssets(options: UrlAssetsOptions): UrlAssets {
  const { records, cache, fetcher, ingest, policy, isUsed, publish, logger } = options;
  const limit = pLimit(policy.concurrency);
  const jobs = new Map<string, Job>();
  let isClosed = false;

  const jobOf = (id: string): Job => {
    const known = jobs.get(id);
    if (known !== undefined) return known;
    const job: Job = {
      controller: new AbortController(),
      running: null,
      timer: null,
      failures: 0,
      lastModified: null,
      staleAtMs: 0,
    };
    jobs.set(id, job);
    return job;
  };

  const hasContent = (asset: Asset): boolean =>
    asset.contentHash !== null && hashesOfAsset(asset).every((hash) => cache.sizeOf(hash) !== null);

  const plan = (id: string, job: Job, delayMs: number): void => {
    if (job.timer !== null) clearTimeout(job.timer);
    if (isClosed || job.controller.signal.aborted) return;
    job.timer = setTimeout(() => {
      job.timer = null;
      const asset = records.get(id);
      if (asset !== null && (isUsed(id) || !hasContent(asset))) void refresh(id);
    }, delayMs);
    job.timer.unref();
  };

  const take = async (id: string, job: Job, path: string, fetched: Fetched): Promise<void> => {
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
  };

  const fetchOnce = async (id: string, job: Job): Promise<void> => {
    const asset = records.get(id);
    if (asset?.source.kind !== 'url') return;
    const { url } = asset.source;
    const known = hasContent(asset)
      ? { etag: asset.etag, lastModified: job.lastModified }
      : NO_VALIDATORS;
    await cache.withTemp(async (path) => {
      const fetched = await fetcher.fetch(url, known, path, job.controller.signal);
      if (fetched.outcome === 'content') await take(id, job, path, fetched);
      else for (const hash of hashesOfAsset(asset)) cache.touch(hash);
      job.lastModified = fetched.validators.lastModified;
      const freshMs = freshForMs(fetched.cacheControl, fetched.age, policy.freshness);
      job.staleAtMs = performance.now() + freshMs;
    });
  };

  /** Content that is there stays in use whatever the server says now: a stale picture is better than none. */
  const onFailure = async (id: string, job: Job, error: AppError): Promise<void> => {
    const tries = policy.retryDelaysMs.length + 1;
    const delayMs = policy.retryDelaysMs[job.failures % tries];
    job.failures++;
    const isRetryable = error instanceof FetchError && error.retryable;
    if (isRetryable && delayMs !== undefined) {
      logger.debug({ asset: id, reason: error.message, delayMs }, 'fetch failed, trying again');
      plan(id, job, delayMs * (1 + Math.random() / 4));
      return;
    }
    const series = Math.ceil(job.failures / tries);
    job.failures = series * tries;
    plan(id, job, Math.min(policy.latestMs, policy.laterMs * 2 ** Math.min(series - 1, 20)));
    const asset = records.get(id);
    if (asset === null) return;
    if (hasContent(asset)) {
      logger.warn(
        { asset: id, reason: error.message },
        'could not be refreshed, the existing content stays in use',
      );
      if (series === 1) {
        publish({
          topic: 'asset',
          type: 'asset.stale',
          data: { id, code: error.code, reason: error.message },
        });
      }
    } else {
      logger.warn({ asset: id, code: error.code, reason: error.message }, 'could not be fetched');
      const text = `${error.message} The service retries automatically.`.slice(0, 2000);
      await records.update(id, (newest) =>
        newest.state === 'failed' && newest.error === text
          ? null
          : { ...newest, ...NO_CONTENT, state: 'failed', error: text },
      );
    }
  };

  const run = async (id: string, job: Job): Promise<void> => {
    const { signal } = job.controller;
    try {
      await limit(() => {
        // One that was given up while it waited is not begun.
        signal.throwIfAborted();
        return fetchOnce(id, job);
      });
      job.failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      await onFailure(id, job, toAppError(error));
    }
  };

  const refresh = (id: string): Promise<void> => {
    if (isClosed) return Promise.resolve();
    const job = jobOf(id);
    if (job.timer !== null) clearTimeout(job.timer);
    job.timer = null;
    job.running ??= run(id, job)
      .catch((error: unknown) => {
        logger.error({ asset: id, err: error }, 'the outcome of a fetch could not be recorded');
      })
      .finally(() => {
        job.running = null;
        // Only now: whoever asks while a fetch runs is given that one, which may have been answered before it came into use.
        const isByUrl = records.get(id)?.source.kind === 'url';
        if (job.timer === null && isByUrl && isUsed(id))
          plan(id, job, Math.max(0, job.staleAtMs - performance.now()));
      });
    return job.running;
  };

  const cancel = (job: Job): void => {
    job.controller.abort();
    if (job.timer !== null) clearTimeout(job.timer);
  };

  return {
    refresh,
    use(id) {
      const asset = records.get(id);
      if (asset?.source.kind !== 'url') return;
      const job = jobOf(id);
      const leftMs = job.staleAtMs - performance.now();
      if (hasContent(asset) && leftMs > 0) plan(id, job, leftMs);
      else if (job.timer === null || job.failures === 0) void refresh(id);
    },
    forget(id) {
      const job = jobs.get(id);
      if (job !== undefined) cancel(job);
      jobs.delete(id);
    },
    async close() {
      isClosed = true;
      const running = [...jobs.values()].flatMap((job) => job.running ?? []);
      for (const job of jobs.values()) cancel(job);
      jobs.clear();
      await Promise.all(running);
    },
  };
}

/** The record has room for 1024 characters; a longer ETag is as good as none. */
function fittingEtag(etag: string | null): string | null {
  return etag !== null && etag.length <= 1024 ? etag : null;
}
