import pLimit from 'p-limit';
import type { Decoder } from '../decode/pool.js';
import type { Motion, Size } from '../decode/protocol.js';
import { reducedFilmSize } from '../scene/film-size.js';
import type { Asset } from '../state/model.js';
import type { NamedFont } from '../fonts/catalogue.js';
import { MISSING_CHARACTERS } from '../vector/svg/errors.js';
import type { ContentCache } from './content-cache.js';
import { isReel } from './reel.js';
import { sniffAsset, type AssetFormat } from './format.js';

/** What of an asset's record its content decides. */
export type AssetContent = Pick<
  Asset,
  | 'contentHash'
  | 'kind'
  | 'renditionHash'
  | 'animation'
  | 'font'
  | 'mediaType'
  | 'bytes'
  | 'width'
  | 'height'
  | 'fontFamilies'
  | 'notDrawn'
>;

/** An asset that is in the cache, checked and ready for the painter. */
export type Ingested = {
  readonly content: AssetContent & { readonly contentHash: string };
  /** Lets the cache evict it: called when a record in the state refers to it. */
  readonly release: () => void;
};

/**
 * Takes a file that somebody gave us into the cache.
 * @throws AppError SM_ASSET_FORMAT, SM_ASSET_TOO_LARGE, SM_ASSET_BROKEN, SM_ASSET_TOO_COMPLEX, SM_ASSET_BUSY,
 * SM_ASSET_STORAGE
 */
export type Ingest = {
  take(path: string, signal: AbortSignal | null): Promise<Ingested>;
  /** Sets the texts of a drawing or an animation in the cache with the fonts of now, unpacks a font; null: it is none of these. */
  refit(asset: Asset): Promise<Refitted | null>;
};

export type Refitted = {
  readonly content: Partial<AssetContent>;
  readonly release: () => void;
};

/** What is found out of a file, and the files that are kept of it. */
type Taken = Partial<Omit<AssetContent, 'contentHash' | 'renditionHash' | 'bytes'>> & {
  readonly path: string;
  readonly renditionPath?: string;
};

const UNKNOWN = {
  animation: null,
  font: null,
  width: null,
  height: null,
  fontFamilies: [],
  notDrawn: [],
};

/** What is done with a file; what is decoded of it is decoded by others. */
export function createIngest(
  cache: ContentCache,
  decoder: Decoder,
  /** Those that texts in drawings and animations may name. */
  fonts: () => readonly NamedFont[],
): Ingest {
  /** The cache takes one file at a time. */
  const oneByOne = pLimit(1);

  const admit = (
    { path, renditionPath, ...known }: Taken,
    format: AssetFormat,
  ): Promise<Ingested> =>
    oneByOne(async () => {
      const original = await cache.admit(path);
      try {
        const rendition = renditionPath === undefined ? null : await cache.admit(renditionPath);
        return {
          content: {
            ...UNKNOWN,
            kind: format.kind,
            mediaType: format.mediaType,
            ...known,
            contentHash: original.hash,
            bytes: original.bytes,
            renditionHash: rendition?.hash ?? null,
          },
          release: () => {
            original.release();
            rendition?.release();
          },
        };
      } catch (error) {
        original.release();
        throw error;
      }
    });

  const withTemps = <T>(
    count: number,
    use: (paths: readonly string[]) => Promise<T>,
    paths: readonly string[] = [],
  ): Promise<T> =>
    paths.length === count
      ? use(paths)
      : cache.withTemp((path) => withTemps(count, use, [...paths, path]));

  const takeFilm = (path: string, format: PictureFormat, head: FilmHead): Promise<Ingested> =>
    cache.withTemp(async (renditionPath) => {
      const { mediaType } = format;
      const { size, motion, signal } = head;
      const input = { path, intoPath: renditionPath, mediaType, size, motion };
      const film = await decoder.run('writeFilm', input, signal);
      const { frames, durationMs, plays } = film;
      const animation = { frames, durationMs, plays, reducedTo: reducedFilmSize(frames, size) };
      const shownType = mediaType === 'image/png' ? 'image/apng' : mediaType;
      const known = { kind: 'film', mediaType: shownType, animation, ...size } as const;
      return admit({ path, renditionPath, ...known }, format);
    });

  const takePicture = async (
    path: string,
    format: PictureFormat,
    signal: AbortSignal | null,
  ): Promise<Ingested> => {
    const { mediaType } = format;
    const head = await decoder.run('probePicture', { path, mediaType }, signal);
    const { width, height, isPlain, motion } = head;
    const size = { width, height };
    if (motion !== null) return takeFilm(path, format, { size, motion, signal });
    if (isPlain) {
      await decoder.run('checkPicture', { path, size }, signal);
      return admit({ path, ...size }, format);
    }
    return cache.withTemp(async (plainPath) => {
      const input = { path, intoPath: plainPath, mediaType, size };
      await decoder.run('writePlainPicture', input, signal);
      return admit({ path: plainPath, mediaType: 'image/png', ...size }, format);
    });
  };

  const takeSvg = (
    path: string,
    format: AssetFormat,
    signal: AbortSignal | null,
  ): Promise<Ingested> =>
    withTemps(3, async ([cleanPath = '', outlinedPath = '', scratchPath = '']) => {
      const input = { path, cleanPath, outlinedPath, scratchPath, fonts: fonts() };
      const { hasText, ...known } = await decoder.run('writeSvg', input, signal);
      return hasText
        ? admit({ path: cleanPath, renditionPath: outlinedPath, ...known }, format)
        : admit({ path: cleanPath, ...known }, format);
    });

  const takeLottie = (
    path: string,
    format: AssetFormat,
    signal: AbortSignal | null,
  ): Promise<Ingested> =>
    withTemps(2, async ([renditionPath = '', scratchPath = '']) => {
      const input = { path, intoPath: renditionPath, scratchPath, fonts: fonts() };
      const { frames, durationMs, ...known } = await decoder.run('writeLottie', input, signal);
      const animation = { frames, durationMs, plays: 0, reducedTo: null };
      return admit({ path, renditionPath, animation, ...known }, format);
    });

  const takeFont = (
    path: string,
    format: Extract<AssetFormat, { kind: 'font' }>,
    signal: AbortSignal | null,
  ): Promise<Ingested> =>
    cache.withTemp(async (plainPath) => {
      const input = { path, mediaType: format.mediaType, plainPath };
      const { info, hasPlain } = await decoder.run('checkFont', input, signal);
      return hasPlain
        ? admit({ path, renditionPath: plainPath, font: info }, format)
        : admit({ path, font: info }, format);
    });

  const refitSvg = (contentHash: string, before: readonly string[]): Promise<Refitted> =>
    withTemps(2, async ([outlinedPath = '', scratchPath = '']) => {
      const cleanPath = cache.pathOf(contentHash);
      const input = { cleanPath, outlinedPath, scratchPath, fonts: fonts() };
      const { notDrawn } = await decoder.run('setSvgText', input, null);
      const { hash, release } = await oneByOne(() => cache.admit(outlinedPath));
      const others = before.filter((what) => !what.startsWith(MISSING_CHARACTERS));
      return { content: { renditionHash: hash, notDrawn: [...others, ...notDrawn] }, release };
    });

  const refitLottie = (contentHash: string): Promise<Refitted> =>
    withTemps(2, async ([intoPath = '', scratchPath = '']) => {
      const input = { path: cache.pathOf(contentHash), intoPath, scratchPath, fonts: fonts() };
      const { notDrawn, fontFamilies } = await decoder.run('writeLottie', input, null);
      const { hash, release } = await oneByOne(() => cache.admit(intoPath));
      return { content: { renditionHash: hash, notDrawn, fontFamilies }, release };
    });

  const take = async (path: string, signal: AbortSignal | null): Promise<Ingested> => {
    const format = await sniffAsset(path);
    switch (format.kind) {
      case 'picture':
        return takePicture(path, format, signal);
      case 'svg':
        return takeSvg(path, format, signal);
      case 'lottie':
        return takeLottie(path, format, signal);
      case 'font':
        return takeFont(path, format, signal);
    }
  };

  return {
    take,
    async refit({ kind, contentHash, renditionHash, notDrawn }) {
      if (contentHash === null) return null;
      if (kind === 'lottie') return refitLottie(contentHash);
      // An earlier version kept packed fonts only.
      if (kind === 'font') return take(cache.pathOf(contentHash), null);
      if (kind !== 'svg' || renditionHash === null) return null;
      // An earlier version kept pictures of drawings.
      if (isReel(cache.pathOf(renditionHash))) return take(cache.pathOf(contentHash), null);
      return refitSvg(contentHash, notDrawn);
    },
  };
}

type PictureFormat = Extract<AssetFormat, { kind: 'picture' }>;

type FilmHead = {
  readonly size: Size;
  readonly motion: Motion;
  readonly signal: AbortSignal | null;
};
