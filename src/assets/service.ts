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
import type { Applied, StateStore } from '../state/port.js';
import { targetOf, toBaseUrl, type AddressPolicy } from '../net/address.js';
import { createSystemResolver, type Resolver } from '../net/resolver.js';
import { openContentCache, type ContentCache } from './content-cache.js';
import { AssetContents, hashesOf } from './contents.js';
import { HttpFetcher, type Fetcher, type FetchLimits } from './fetcher.js';
import { FileIngest, type Ingest } from './ingest.js';
import { createRefit, type Refit } from './refit.js';
import {
  createAssetRecords,
  hashesOfAsset,
  NO_CONTENT,
  unknownAsset,
  type AssetRecords,
} from './records.js';
import { createAssetSources, type AssetSources } from './sources.js';
import { textFonts } from './text-fonts.js';
import { FetchedAssets, REFRESH_POLICY, type RefreshPolicy, type UrlAssets } from './url-assets.js';
import { createAssetUsage, type AssetUsage } from './usage.js';

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
  /** Null: FFmpeg is looked for on the PATH. */
  readonly ffmpegPath: string | null;
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

type UploadRequest = Parameters<AssetService['upload']>[0];
type RegisterRequest = Parameters<AssetService['register']>[0];

/** The assets, and what the composition root needs besides the control plane's view of them. */
export interface AssetRoom extends AssetService {
  /** What the painter needs of an asset; null while there is no content, and the placeholder is shown. */
  pictureSourceOf(asset: Asset): PictureSource | null;
  /** The file of a sound; null while it is not there, or when it is none. */
  soundFileOf(asset: Asset): ReturnType<AssetSources['soundFileOf']>;
  /** The file of a font; null while it is not there, or when it is none. */
  fontPathOf(asset: Asset): string | null;
  /**
   * The program could not read or decode the content: fetched anew when it is gone, else an event reports it. Never rejects: what
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
  const service = new CachedAssets(options, await openParts(options));
  await service.open();
  return service;
}

/** What the service is made of. */
type Parts = {
  readonly policy: AddressPolicy;
  readonly usage: AssetUsage;
  readonly records: AssetRecords;
  readonly cache: ContentCache;
  readonly contents: AssetContents;
  readonly sources: AssetSources;
  readonly decoders: DecoderPool;
  readonly ingest: Ingest;
  readonly refit: Refit;
  readonly fetcher: Fetcher;
  readonly urlAssets: UrlAssets;
};

async function openParts(options: AssetServiceOptions): Promise<Parts> {
  const { store, publish, logger, uploadLimitBytes } = options;
  const policy: AddressPolicy = {
    cdnBaseUrl: options.cdnBaseUrl === null ? null : toBaseUrl(options.cdnBaseUrl),
    allowPrivateHosts: new Set(options.allowPrivateHosts),
    ports: 'web',
  };
  const usage = createAssetUsage();
  const records = createAssetRecords(store);
  const isUsed = (id: string): boolean => usage.usedIds(store.state).has(id);
  const cache = await openContentCache({
    folder: options.cacheDir,
    limitBytes: options.cacheLimitBytes,
    keptHashes: () => hashesOf(records, ({ id, source }) => source.kind === 'upload' || isUsed(id)),
    onEvicted: (hash) => {
      contents.onEvicted(hash);
    },
  });
  const contents = new AssetContents(records, cache, logger);
  const sources = createAssetSources(cache);
  const decoders = new DecoderPool({ processes: DECODERS });
  const ingest = new FileIngest(
    cache,
    decoders,
    () => textFonts(store.state.assets, (asset) => sources.fontPathOf(asset)),
    options.ffmpegPath ?? 'ffmpeg',
  );
  const refit = createRefit({ records, ingest, logger });
  const fetcher = new HttpFetcher(policy, options.resolver ?? createSystemResolver(), {
    ...(options.timeouts ?? FETCH_TIMEOUTS),
    maxBytes: uploadLimitBytes,
  });
  const urlAssets = new FetchedAssets({
    records,
    cache,
    fetcher,
    ingest,
    policy: options.refreshPolicy ?? REFRESH_POLICY,
    isUsed,
    publish,
    logger,
  });
  return {
    policy,
    usage,
    records,
    cache,
    contents,
    sources,
    decoders,
    ingest,
    refit,
    fetcher,
    urlAssets,
  };
}

class CachedAssets implements AssetRoom {
  readonly #options: AssetServiceOptions;
  readonly #parts: Parts;
  #inUse: ReadonlySet<string> = new Set();
  #stopFollowing: () => void = () => undefined;
  #closing: Promise<void> | null = null;

  constructor(options: AssetServiceOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Checks what is there, and follows the state from then on. */
  async open(): Promise<void> {
    const { store, logger } = this.#options;
    const { usage, contents } = this.#parts;
    await this.#verifyAll();
    this.#inUse = usage.usedIds(store.state);
    const unsubscribe = store.onApplied((applied) => {
      this.#follow(applied);
    });
    const sweepTimer = setInterval(() => {
      contents.sweep(Date.now() - ORPHAN_KEEP_MS).catch((error: unknown) => {
        logger.warn({ err: error }, 'unused content could not be removed');
      });
    }, ORPHAN_KEEP_MS);
    sweepTimer.unref();
    this.#stopFollowing = () => {
      unsubscribe();
      clearInterval(sweepTimer);
    };
  }

  async upload({ id: wantedId, name, bytes }: UploadRequest): Promise<Asset> {
    const { cache, ingest, records } = this.#parts;
    const { uploadLimitBytes } = this.#options;
    this.#checkOpen();
    const id = wantedId ?? newId();
    this.#checkIdFree(id);
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
  }

  async register({ id: wantedId, name, url }: RegisterRequest): Promise<Asset> {
    const { policy, records, urlAssets } = this.#parts;
    this.#checkOpen();
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
  }

  async remove(id: string): Promise<void> {
    const { records, contents, urlAssets } = this.#parts;
    this.#checkOpen();
    const removed = await records.remove(id);
    urlAssets.forget(id);
    await contents.removeFilesOf(removed);
  }

  async content(id: string): ReturnType<AssetService['content']> {
    const { records, cache, contents, urlAssets } = this.#parts;
    const asset = records.get(id);
    if (asset === null) throw unknownAsset(id);
    const { contentHash, mediaType } = asset;
    if (contentHash !== null && mediaType !== null) {
      if (await cache.verify(contentHash)) {
        cache.touch(contentHash);
        const bytes = cache.sizeOf(contentHash) ?? 0;
        return { path: cache.pathOf(contentHash), mediaType, bytes, contentHash };
      }
      await contents.recordLoss(id);
    }
    urlAssets.use(id);
    throw notReady(records.get(id) ?? asset);
  }

  pictureSourceOf(asset: Asset): PictureSource | null {
    return this.#parts.sources.pictureSourceOf(asset);
  }

  soundFileOf(asset: Asset): ReturnType<AssetSources['soundFileOf']> {
    return this.#parts.sources.soundFileOf(asset);
  }

  fontPathOf(asset: Asset): string | null {
    return this.#parts.sources.fontPathOf(asset);
  }

  async pictureFailed(contentHash: string, reason: string): Promise<void> {
    const all = this.#parts.records.all();
    for (const asset of all.filter((one) => hashesOfAsset(one).includes(contentHash))) {
      try {
        await this.#followFailure(asset, reason);
      } catch (error) {
        this.#options.logger.error(
          { asset: asset.id, err: error },
          'a failed picture could not be recorded',
        );
      }
    }
  }

  setMemoryShort(isShort: boolean): void {
    this.#parts.decoders.setMemoryShort(isShort);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { decoders, urlAssets, fetcher } = this.#parts;
    this.#stopFollowing();
    await decoders.close();
    await settlesWithin(urlAssets.close(), CLOSE_TIMEOUT_MS);
    await fetcher.close();
  }

  async #verifyAll(): Promise<void> {
    const { records, contents, refit, usage, urlAssets } = this.#parts;
    for (const asset of records.all()) {
      const { id, source } = asset;
      if (!(await contents.isWhole(asset))) await contents.recordLoss(id);
      else if (contents.isOfEarlierVersion(asset)) void refit.refit(asset);
      if (source.kind !== 'url') continue;
      const isMissing = records.get(id)?.contentHash === null;
      const isUsed = usage.usedIds(this.#options.store.state).has(id);
      if (isMissing || isUsed) void urlAssets.refresh(id);
    }
    await contents.sweep(Infinity);
  }

  #follow({ command, before, after }: Applied): void {
    const { refit, usage, urlAssets } = this.#parts;
    if (command.type === 'state.adopt') {
      this.#verifyAll().catch((error: unknown) => {
        this.#options.logger.error(
          { err: error },
          'the content of an adopted state could not be checked',
        );
      });
    }
    refit.onChange({ before, after });
    const used = usage.usedIds(after);
    for (const id of used) if (!this.#inUse.has(id)) urlAssets.use(id);
    this.#inUse = used;
  }

  async #followFailure(asset: Asset, reason: string): Promise<void> {
    const { contents, urlAssets } = this.#parts;
    const { id } = asset;
    if (await contents.isWhole(asset)) {
      this.#options.publish({ topic: 'asset', type: 'asset.undecodable', data: { id, reason } });
      return;
    }
    await contents.recordLoss(id);
    urlAssets.use(id);
  }

  #checkOpen(): void {
    if (this.#closing !== null)
      throw new AppError('SM_SHUTTING_DOWN', 'The service is shutting down.');
  }

  #checkIdFree(id: string): void {
    if (this.#parts.records.get(id) !== null) {
      throw new AppError(
        'SM_ASSET_EXISTS',
        `An asset with the id ${id} already exists. Remove it first, or choose another id.`,
      );
    }
  }
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
