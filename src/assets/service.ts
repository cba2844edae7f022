import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { AssetService } from '../api/ports.js';
import { AppError } from '../core/errors.js';
import { settlesWithin } from '../core/settles-within.js';
import type { ServiceEvent } from '../core/event.js';
import type { Logger } from '../core/logger.js';
import { DecoderPool } from '../decode/pool.js';
import type { PictureSource } from '../compositor/contract.js';
import type { Asset } from '../state/model.js';
import type { StateStore } from '../state/port.js';
import { targetOf, toBaseUrl, type AddressPolicy } from './address.js';
import { createSystemResolver, type Resolver } from './resolver.js';
import { openContentCache } from './content-cache.js';
import { createFetcher, type FetchLimits } from './fetcher.js';
import { createIngest } from './ingest.js';
import { createRefit } from './refit.js';
import { createAssetRecords, hashesOfAsset, NO_CONTENT, unknownAsset } from './records.js';
import { isReel } from './reel.js';
import { createAssetSources } from './sources.js';
import { textFonts } from './text-fonts.js';
import { createUrlAssets, REFRESH_POLICY, type RefreshPolicy } from './url-assets.js';
import { createAssetUsage } from './usage.js';

/** How long the closing waits for pictures that are being decoded. */
const CLOSE_TIMEOUT_MS = 3_000;
/** Files of strangers that are decoded at once: one that takes long, and room for the others beside it. */
const DECODERS = 3;
/** Content that a record has just let go may still be on its way into the program. */
const ORPHAN_KEEP_MS = 60_000;

export type AssetServiceOptions = {
  readonly store: StateStore;
  /** Folder of the cache; made when it is not there. */
  readonly cacheDir: string;
  readonly cacheLimitBytes: number;
  /** CDN_BASE_URL: addresses below it may be private, and paths are taken from it. Null: there is none. */
  readonly cdnBaseUrl: string | null;
  /** Largest picture in bytes, uploaded or fetched. */
  readonly uploadLimitBytes: number;
  /** Further hosts (`name` or `name:port`) that the operator lets be private. */
  readonly allowPrivateHosts: readonly string[];
  readonly publish: (event: ServiceEvent) => void;
  readonly logger: Logger;
  /** Default: the system's. */
  readonly resolver?: Resolver;
  readonly refreshPolicy?: RefreshPolicy;
  readonly timeouts?: Omit<FetchLimits, 'maxBytes'>;
};

export const FETCH_TIMEOUTS: Omit<FetchLimits, 'maxBytes'> = {
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 10_000,
  totalTimeoutMs: 60_000,
};

/** The assets, and what the composition root needs besides the control plane's view of them. */
export interface AssetRoom extends AssetService {
  /** What the painter needs of an asset; null while there is no content, and the placeholder is shown. */
  pictureSourceOf(asset: Asset): PictureSource | null;
  /** The file of a font; null while it is not there, or when it is none. */
  fontPathOf(asset: Asset): string | null;
  /**
   * The program could not read or decode the content: fetched anew when it is gone, else told in an event. Never rejects: what
   * could not be recorded is logged.
   */
  pictureFailed(contentHash: string, reason: string): Promise<void>;
  /** While memory is short, one file is decoded at a time; each call gives up what only waits for the next. */
  setMemoryShort(isShort: boolean): void;
  /** Idempotent; cancels what is being fetched. */
  close(): Promise<void>;
}

/**
 * Opens the cache, looks whether the content of every asset is there, and begins to fetch what is missing.
 * @throws AppError SM_ASSET_STORAGE when the cache cannot be used
 */
export async function createAssetService(options: AssetServiceOptions): Promise<AssetRoom> {
  const { store, publish, logger, uploadLimitBytes } = options;
  const policy: AddressPolicy = {
    cdnBaseUrl: options.cdnBaseUrl === null ? null : toBaseUrl(options.cdnBaseUrl),
    allowPrivateHosts: new Set(options.allowPrivateHosts),
  };
  const usage = createAssetUsage();
  const records = createAssetRecords(store);
  const isUsed = (id: string): boolean => usage.usedIds(store.state).has(id);
  const hashesOf = (matches: (asset: Asset) => boolean): Set<string> =>
    new Set(records.all().flatMap((asset) => (matches(asset) ? hashesOfAsset(asset) : [])));

  const cache = await openContentCache({
    folder: options.cacheDir,
    limitBytes: options.cacheLimitBytes,
    keptHashes: () => hashesOf(({ id, source }) => source.kind === 'upload' || isUsed(id)),
    onEvicted: (hash) => {
      for (const asset of records.all())
        if (hashesOfAsset(asset).includes(hash)) loseContent(asset.id);
    },
  });
  const sources = createAssetSources(cache);
  const decoders = new DecoderPool({ processes: DECODERS });
  const ingest = createIngest(cache, decoders, () =>
    textFonts(store.state.assets, (asset) => sources.fontPathOf(asset)),
  );
  const refit = createRefit({ records, ingest, logger });
  const fetcher = createFetcher(policy, options.resolver ?? createSystemResolver(), {
    ...(options.timeouts ?? FETCH_TIMEOUTS),
    maxBytes: uploadLimitBytes,
  });
  const urlAssets = createUrlAssets({
    records,
    cache,
    fetcher,
    ingest,
    policy: options.refreshPolicy ?? REFRESH_POLICY,
    isUsed,
    publish,
    logger,
  });

  /** Takes note that content is gone: an address is fetched again on use, an upload is lost. */
  const recordLoss = (id: string): Promise<void> =>
    records.update(id, (asset) => {
      if (hashesOfAsset(asset).every((hash) => cache.sizeOf(hash) !== null)) return null;
      return asset.source.kind === 'url'
        ? { ...asset, ...NO_CONTENT, state: 'pending', error: null }
        : {
            ...asset,
            ...NO_CONTENT,
            state: 'failed',
            error: 'Its file is missing from the cache. Remove the asset and upload it again.',
          };
    });
  const loseContent = (id: string): void => {
    recordLoss(id).catch((error: unknown) => {
      logger.error({ asset: id, err: error }, 'the loss of content could not be recorded');
    });
  };

  /** Whether all of its files are there; what is not is forgotten. */
  const isWhole = async (asset: Asset): Promise<boolean> => {
    const found = await Promise.all(hashesOfAsset(asset).map((hash) => cache.verify(hash)));
    return found.every((isThere) => isThere);
  };

  /** Of a drawing, pictures were kept once; of an animation and a packed font only what was uploaded. */
  const isOfEarlierVersion = ({ kind, contentHash, renditionHash, mediaType }: Asset): boolean => {
    if (kind === 'svg') return renditionHash !== null && isReel(cache.pathOf(renditionHash));
    const isPacked = mediaType === 'font/woff' || mediaType === 'font/woff2';
    const hasRendition = kind === 'lottie' || (kind === 'font' && isPacked);
    return hasRendition && contentHash !== null && renditionHash === null;
  };

  const verifyAll = async (): Promise<void> => {
    for (const asset of records.all()) {
      const { id, source } = asset;
      if (!(await isWhole(asset))) await recordLoss(id);
      else if (isOfEarlierVersion(asset)) void refit.refit(asset);
      if (source.kind !== 'url') continue;
      const isMissing = records.get(id)?.contentHash === null;
      if (isMissing || isUsed(id)) void urlAssets.refresh(id);
    }
    await cache.sweep(
      Infinity,
      hashesOf(() => true),
    );
  };
  await verifyAll();

  let inUse = usage.usedIds(store.state);
  const unsubscribe = store.onApplied(({ command, before, after }) => {
    if (command.type === 'state.adopt') {
      verifyAll().catch((error: unknown) => {
        logger.error({ err: error }, 'the content of an adopted state could not be checked');
      });
    }
    refit.onChange({ before, after });
    const used = usage.usedIds(after);
    for (const id of used) if (!inUse.has(id)) urlAssets.use(id);
    inUse = used;
  });
  const sweepTimer = setInterval(() => {
    cache
      .sweep(
        Date.now() - ORPHAN_KEEP_MS,
        hashesOf(() => true),
      )
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'unused content could not be removed');
      });
  }, ORPHAN_KEEP_MS);
  sweepTimer.unref();

  const followFailure = async (asset: Asset, reason: string): Promise<void> => {
    const { id } = asset;
    if (await isWhole(asset)) {
      publish({ topic: 'asset', type: 'asset.undecodable', data: { id, reason } });
      return;
    }
    await recordLoss(id);
    urlAssets.use(id);
  };

  let closing: Promise<void> | null = null;
  const checkOpen = (): void => {
    if (closing !== null) throw new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.');
  };
  const checkIdFree = (id: string): void => {
    if (records.get(id) !== null) {
      throw new AppError(
        'SM_ASSET_EXISTS',
        `An asset with the id ${id} already exists. Remove it first, or choose another id.`,
      );
    }
  };

  return {
    async upload({ id: wantedId, name, bytes }) {
      checkOpen();
      const id = wantedId ?? newId();
      checkIdFree(id);
      if (bytes.length > uploadLimitBytes) {
        throw new AppError(
          'SM_ASSET_TOO_LARGE',
          `The file has ${bytes.length} bytes; the limit is ${uploadLimitBytes} bytes.`,
        );
      }
      return cache.withTemp(async (path) => {
        await writeFile(path, bytes, { flag: 'wx' });
        const { release, content } = await ingest.take(path, null);
        try {
          return await records.create({
            id,
            name,
            state: 'ready',
            source: { kind: 'upload' },
            ...content,
            etag: null,
            error: null,
            createdAtMs: Date.now(),
          });
        } finally {
          release();
        }
      });
    },
    async register({ id: wantedId, name, url }) {
      checkOpen();
      targetOf(url, policy);
      const id = wantedId ?? newId();
      const asset = await records.create({
        id,
        name,
        state: 'pending',
        source: { kind: 'url', url },
        ...NO_CONTENT,
        error: null,
        createdAtMs: Date.now(),
      });
      void urlAssets.refresh(id);
      return asset;
    },
    async remove(id) {
      checkOpen();
      const removed = await records.remove(id);
      urlAssets.forget(id);
      const known = hashesOf(() => true);
      for (const hash of hashesOfAsset(removed)) if (!known.has(hash)) await cache.remove(hash);
    },
    async content(id) {
      const asset = records.get(id);
      if (asset === null) throw unknownAsset(id);
      const { contentHash, mediaType } = asset;
      if (contentHash !== null && mediaType !== null) {
        if (await cache.verify(contentHash)) {
          cache.touch(contentHash);
          const bytes = cache.sizeOf(contentHash) ?? 0;
          return { path: cache.pathOf(contentHash), mediaType, bytes, contentHash };
        }
        await recordLoss(id);
      }
      urlAssets.use(id);
      throw notReady(records.get(id) ?? asset);
    },
    pictureSourceOf: (asset) => sources.pictureSourceOf(asset),
    fontPathOf: (asset) => sources.fontPathOf(asset),
    async pictureFailed(contentHash, reason) {
      const failed = records.all().filter((one) => hashesOfAsset(one).includes(contentHash));
      for (const asset of failed) {
        try {
          await followFailure(asset, reason);
        } catch (error) {
          logger.error({ asset: asset.id, err: error }, 'a failed picture could not be recorded');
        }
      }
    },
    setMemoryShort(isShort) {
      decoders.setMemoryShort(isShort);
    },
    close() {
      closing ??= (async () => {
        unsubscribe();
        clearInterval(sweepTimer);
        await decoders.close();
        await settlesWithin(urlAssets.close(), CLOSE_TIMEOUT_MS);
        await fetcher.close();
      })();
      return closing;
    },
  };
}

function newId(): string {
  return `asset-${randomBytes(6).toString('hex')}`;
}

function notReady({ id, state, error }: Asset): AppError {
  return state === 'failed'
    ? new AppError('SM_ASSET_NOT_READY', `The asset ${id} has no content. ${error ?? ''}`.trim())
    : new AppError(
        'SM_ASSET_NOT_READY',
        `The asset ${id} is being fetched. Try again in a moment.`,
      );
}
