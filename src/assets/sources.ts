import { LRUCache } from 'lru-cache';
import type { PictureSource } from '../scene/snapshot.js';
import type { Asset } from '../state/model.js';
import type { ContentCache } from './content-cache.js';
import { readReel } from './reel.js';
import type { Reel } from './write-reel.js';
import { hashesOfAsset } from './records.js';

/** Lists of reels that are kept: one of a thousand frames takes 100 kB. */
const KEPT_REELS = 64;

/** What the program needs of assets: where their files are, and what is in them. */
export type AssetSources = {
  /** Null while there is no content, or when it is nothing to be looked at. */
  pictureSourceOf(asset: Asset): PictureSource | null;
  /** Null while there is no content, or when it is no sound. `samples`: at 48 kHz; null: they have not been counted. */
  soundFileOf(asset: Asset): { readonly path: string; readonly samples: number | null } | null;
  /** Null while there is no content, or when it is no font. */
  fontPathOf(asset: Asset): string | null;
};

export function createAssetSources(cache: Pick<ContentCache, 'sizeOf' | 'pathOf'>): AssetSources {
  const reels = new LRUCache<string, Reel>({ max: KEPT_REELS });

  /** Read in this thread: it takes as long as looking up a name, and happens once a reel. */
  const reelOf = (hash: string): Reel | null => {
    const known = reels.get(hash);
    if (known !== undefined) return known;
    try {
      const reel = readReel(cache.pathOf(hash));
      reels.set(hash, reel);
      return reel;
    } catch {
      // Gone since it was last looked for: the placeholder is shown, and the loss is noticed when it is verified.
      return null;
    }
  };
  const isThere = (asset: Asset): boolean =>
    asset.contentHash !== null && hashesOfAsset(asset).every((hash) => cache.sizeOf(hash) !== null);

  return {
    pictureSourceOf(asset) {
      const { contentHash, renditionHash, width, height, kind, animation, video } = asset;
      if (contentHash === null || width === null || height === null || !isThere(asset)) return null;
      const source = {
        contentHash,
        path: cache.pathOf(renditionHash ?? contentHash),
        width,
        height,
      };
      // Both are set anew with other fonts, and look different then.
      if (kind === 'svg')
        return { ...source, contentHash: renditionHash ?? contentHash, isDrawing: true };
      if (video !== null) return { ...source, video };
      if (kind === 'lottie' && animation !== null) {
        const { frames, durationMs } = animation;
        return {
          ...source,
          contentHash: renditionHash ?? contentHash,
          lottie: { frames, frameRate: (1000 * frames) / durationMs },
        };
      }
      if (renditionHash === null) return source;
      const reel = reelOf(renditionHash);
      if (reel === null) return null;
      return { ...source, film: { frames: reel.pictures, plays: reel.plays } };
    },
    soundFileOf(asset) {
      const { contentHash, audio } = asset;
      if (contentHash === null || audio === null || !isThere(asset)) return null;
      return { path: cache.pathOf(contentHash), samples: audio.samples };
    },
    fontPathOf(asset) {
      const { contentHash, renditionHash, kind } = asset;
      if (kind !== 'font' || contentHash === null || !isThere(asset)) return null;
      return cache.pathOf(renditionHash ?? contentHash);
    },
  };
}
