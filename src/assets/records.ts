import pLimit from 'p-limit';
import { AppError } from '../core/errors.js';
import type { Asset } from '../state/model.js';
import type { StateStore } from '../state/port.js';

/** The asset records of the state. Changes are made one after the other, each from the newest record, stored or not. */
export interface AssetRecords {
  all(): readonly Asset[];
  get(id: string): Asset | null;
  /** @throws AppError SM_ASSET_EXISTS, SM_ASSET_LIMIT */
  create(asset: Asset): Promise<Asset>;
  /** Does nothing when the asset has been removed meanwhile, or `change` gives null. */
  update(id: string, change: (asset: Asset) => Asset | null): Promise<void>;
  /** @throws AppError SM_ASSET_UNKNOWN, SM_ASSET_IN_USE */
  remove(id: string): Promise<Asset>;
}

/** The content fields of a record that has none. */
export const NO_CONTENT = {
  contentHash: null,
  kind: 'picture' as const,
  renditionHash: null,
  animation: null,
  font: null,
  audio: null,
  video: null,
  mediaType: null,
  bytes: null,
  width: null,
  height: null,
  etag: null,
  fontFamilies: [],
  notDrawn: [],
} satisfies Partial<Asset>;

/** The files of the cache that an asset needs: its content, and what was made of it. */
export function hashesOfAsset({ contentHash, renditionHash }: Asset): string[] {
  return [contentHash ?? [], renditionHash ?? []].flat();
}

export function createAssetRecords(store: StateStore): AssetRecords {
  const limit = pLimit(1);
  const get = (id: string): Asset | null =>
    store.head.assets.find((asset) => asset.id === id) ?? null;
  return {
    all: () => store.head.assets,
    get,
    create: (asset) =>
      limit(async () => {
        if (get(asset.id) !== null) {
          throw new AppError(
            'SM_ASSET_EXISTS',
            `An asset with the id ${asset.id} already exists. Remove it first, or choose another id.`,
          );
        }
        await store.dispatch({ type: 'asset.put', asset });
        return asset;
      }),
    update: (id, change) =>
      limit(async () => {
        const before = get(id);
        const asset = before === null ? null : change(before);
        if (asset !== null) await store.dispatch({ type: 'asset.put', asset });
      }),
    remove: (id) =>
      limit(async () => {
        const asset = get(id);
        if (asset === null) throw unknownAsset(id);
        await store.dispatch({ type: 'asset.remove', assetId: id });
        return asset;
      }),
  };
}

export function unknownAsset(id: string): AppError {
  return new AppError('SM_ASSET_UNKNOWN', `There is no asset ${id}.`);
}
