import type { Logger } from '../core/logger.js';
import type { Asset } from '../state/model.js';
import type { ContentCache } from './content-cache.js';
import { hashesOfAsset, NO_CONTENT, type AssetRecords } from './records.js';
import { isReel } from './reel.js';

/** The hashes of all files of the assets that match. */
export function hashesOf(
  records: Pick<AssetRecords, 'all'>,
  matches: (asset: Asset) => boolean,
): Set<string> {
  return new Set(records.all().flatMap((asset) => (matches(asset) ? hashesOfAsset(asset) : [])));
}

/** Whether the files of assets are in the cache, and what becomes of the records when they are not. */
export class AssetContents {
  readonly #records: AssetRecords;
  readonly #cache: ContentCache;
  readonly #logger: Logger;

  constructor(records: AssetRecords, cache: ContentCache, logger: Logger) {
    this.#records = records;
    this.#cache = cache;
    this.#logger = logger;
  }

  /** Whether all of its files are there; what is not is forgotten. */
  async isWhole(asset: Asset): Promise<boolean> {
    const found = await Promise.all(hashesOfAsset(asset).map((hash) => this.#cache.verify(hash)));
    return found.every((isThere) => isThere);
  }

  /** Of a drawing, pictures were kept once; of an animation and a packed font only what was uploaded. */
  isOfEarlierVersion({ kind, contentHash, renditionHash, mediaType }: Asset): boolean {
    if (kind === 'svg') return renditionHash !== null && isReel(this.#cache.pathOf(renditionHash));
    const isPacked = mediaType === 'font/woff' || mediaType === 'font/woff2';
    const hasRendition = kind === 'lottie' || (kind === 'font' && isPacked);
    return hasRendition && contentHash !== null && renditionHash === null;
  }

  /** Records that content is gone: an address is fetched again on use, an upload is lost. */
  async recordLoss(id: string): Promise<void> {
    await this.#records.update(id, (asset) => {
      if (hashesOfAsset(asset).every((hash) => this.#cache.sizeOf(hash) !== null)) return null;
      return asset.source.kind === 'url'
        ? { ...asset, ...NO_CONTENT, state: 'pending', error: null }
        : {
            ...asset,
            ...NO_CONTENT,
            state: 'failed',
            error: 'Its file is missing from the cache. Remove the asset and upload it again.',
          };
    });
  }

  /** The cache has thrown a file out. */
  onEvicted(evicted: string): void {
    for (const asset of this.#records.all()) {
      if (!hashesOfAsset(asset).includes(evicted)) continue;
      this.recordLoss(asset.id).catch((error: unknown) => {
        this.#logger.error(
          { asset: asset.id, err: error },
          'the loss of content could not be recorded',
        );
      });
    }
  }

  /** Removes files that no record has and that were not used since `beforeMs`. */
  async sweep(beforeMs: number): Promise<void> {
    await this.#cache.sweep(
      beforeMs,
      hashesOf(this.#records, () => true),
    );
  }

  /** Removes the files of an asset that has been removed, but for those that others have as well. */
  async removeFilesOf(removed: Asset): Promise<void> {
    const known = hashesOf(this.#records, () => true);
    for (const hash of hashesOfAsset(removed)) if (!known.has(hash)) await this.#cache.remove(hash);
  }
}
