import type { ContentCache } from './content-cache.js';
import { sniffPicture, type PictureMediaType } from './format.js';
import { createLimiter } from './limiter.js';
import type { PictureDecoder } from './pictures.js';

/** A picture that is in the cache, checked and ready for the painter. */
export type IngestedPicture = {
  readonly contentHash: string;
  readonly mediaType: PictureMediaType;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** Lets the cache evict it: called when a record in the state refers to it. */
  readonly release: () => void;
};

/**
 * Takes a file that somebody gave us into the cache.
 * @throws AppError SM_ASSET_FORMAT, SM_ASSET_TOO_LARGE, SM_ASSET_BROKEN, SM_ASSET_STORAGE
 */
export type Ingest = (path: string, signal: AbortSignal | null) => Promise<IngestedPicture>;

/** One picture at a time: decoding costs memory and the processor that the program needs. */
export function createIngest(cache: ContentCache, decoder: PictureDecoder): Ingest {
  const limiter = createLimiter(1);

  const admit = async (
    path: string,
    mediaType: PictureMediaType,
    size: Size,
  ): Promise<IngestedPicture> => {
    const { hash, bytes, release } = await cache.admit(path);
    return { contentHash: hash, mediaType, bytes, ...size, release };
  };

  return (path, signal) =>
    limiter.run(async () => {
      const mediaType = await sniffPicture(path);
      const { width, height, isPlain } = await decoder.probe(path, mediaType);
      if (isPlain) {
        await decoder.check(path);
        return admit(path, mediaType, { width, height });
      }
      return cache.withTemp(async (plainPath) => {
        await decoder.writePlain(path, plainPath);
        return admit(plainPath, 'image/png', { width, height });
      });
    }, signal);
}

type Size = { readonly width: number; readonly height: number };
