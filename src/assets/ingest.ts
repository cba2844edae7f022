import pLimit from 'p-limit';
import type { Decoder } from '../decode/pool.js';
import { AppError } from '../core/errors.js';
import type { FoundVideo, Motion, Size } from '../decode/protocol.js';
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
  | 'audio'
  | 'video'
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
  audio: null,
  video: null,
  width: null,
  height: null,
  fontFamilies: [],
  notDrawn: [],
};

type PictureFormat = Extract<AssetFormat, { kind: 'picture' }>;

type VideoHead = { readonly videoType: string; readonly signal: AbortSignal | null };

type FilmHead = {
  readonly size: Size;
  readonly motion: Motion;
  readonly signal: AbortSignal | null;
};

/** What is done with a file; what is decoded of it is decoded by others. */
export class FileIngest implements Ingest {
  readonly #cache: ContentCache;
  readonly #decoder: Decoder;
  readonly #fonts: () => readonly NamedFont[];
  readonly #ffmpegPath: string;
  /** The cache takes one file at a time. */
  readonly #oneByOne = pLimit(1);

  /**
   * @param fonts - those that texts in drawings and animations may name
   * @param ffmpegPath - the program, or its name on the PATH
   */
  constructor(
    cache: ContentCache,
    decoder: Decoder,
    fonts: () => readonly NamedFont[],
    ffmpegPath: string,
  ) {
    this.#cache = cache;
    this.#decoder = decoder;
    this.#fonts = fonts;
    this.#ffmpegPath = ffmpegPath;
  }

  async take(path: string, signal: AbortSignal | null): Promise<Ingested> {
    const format = await sniffAsset(path);
    switch (format.kind) {
      case 'picture':
        return this.#takePicture(path, format, signal);
      case 'svg':
        return this.#takeSvg(path, format, signal);
      case 'lottie':
        return this.#takeLottie(path, format, signal);
      case 'font':
        return this.#takeFont(path, format, signal);
      case 'audio':
        return this.#takeSound(path, format, signal);
    }
  }

  async refit({ kind, contentHash, renditionHash, notDrawn }: Asset): Promise<Refitted | null> {
    if (contentHash === null) return null;
    const path = this.#cache.pathOf(contentHash);
    if (kind === 'lottie') return this.#refitLottie(path);
    // An earlier version kept packed fonts only.
    if (kind === 'font') return this.take(path, null);
    if (kind !== 'svg' || renditionHash === null) return null;
    // An earlier version kept pictures of drawings.
    if (isReel(this.#cache.pathOf(renditionHash))) return this.take(path, null);
    return this.#refitSvg(path, notDrawn);
  }

  #admit({ path, renditionPath, ...known }: Taken, format: AssetFormat): Promise<Ingested> {
    return this.#oneByOne(async () => {
      const original = await this.#cache.admit(path);
      try {
        const rendition =
          renditionPath === undefined ? null : await this.#cache.admit(renditionPath);
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
  }

  #withTemps<T>(
    count: number,
    use: (paths: readonly string[]) => Promise<T>,
    paths: readonly string[] = [],
  ): Promise<T> {
    return paths.length === count
      ? use(paths)
      : this.#cache.withTemp((path) => this.#withTemps(count, use, [...paths, path]));
  }

  #takeFilm(path: string, format: PictureFormat, head: FilmHead): Promise<Ingested> {
    return this.#cache.withTemp(async (renditionPath) => {
      const { mediaType } = format;
      const { size, motion, signal } = head;
      const input = { path, intoPath: renditionPath, mediaType, size, motion };
      const film = await this.#decoder.run('writeFilm', input, signal);
      const { frames, durationMs, plays } = film;
      const animation = { frames, durationMs, plays, reducedTo: reducedFilmSize(frames, size) };
      const shownType = mediaType === 'image/png' ? 'image/apng' : mediaType;
      const known = { kind: 'film', mediaType: shownType, animation, ...size } as const;
      return this.#admit({ path, renditionPath, ...known }, format);
    });
  }

  async #takePicture(
    path: string,
    format: PictureFormat,
    signal: AbortSignal | null,
  ): Promise<Ingested> {
    const { mediaType } = format;
    const head = await this.#decoder.run('probePicture', { path, mediaType }, signal);
    const { width, height, isPlain, motion } = head;
    const size = { width, height };
    if (motion !== null) return this.#takeFilm(path, format, { size, motion, signal });
    if (isPlain) {
      await this.#decoder.run('checkPicture', { path, size }, signal);
      return this.#admit({ path, ...size }, format);
    }
    return this.#cache.withTemp(async (plainPath) => {
      const input = { path, intoPath: plainPath, mediaType, size };
      await this.#decoder.run('writePlainPicture', input, signal);
      return this.#admit({ path: plainPath, mediaType: 'image/png', ...size }, format);
    });
  }

  #takeSvg(path: string, format: AssetFormat, signal: AbortSignal | null): Promise<Ingested> {
    return this.#withTemps(3, async ([cleanPath = '', outlinedPath = '', scratchPath = '']) => {
      const input = { path, cleanPath, outlinedPath, scratchPath, fonts: this.#fonts() };
      const { hasText, ...known } = await this.#decoder.run('writeSvg', input, signal);
      return hasText
        ? this.#admit({ path: cleanPath, renditionPath: outlinedPath, ...known }, format)
        : this.#admit({ path: cleanPath, ...known }, format);
    });
  }

  #takeLottie(path: string, format: AssetFormat, signal: AbortSignal | null): Promise<Ingested> {
    return this.#withTemps(2, async ([renditionPath = '', scratchPath = '']) => {
      const input = { path, intoPath: renditionPath, scratchPath, fonts: this.#fonts() };
      const { frames, durationMs, ...known } = await this.#decoder.run(
        'writeLottie',
        input,
        signal,
      );
      const animation = { frames, durationMs, plays: 0, reducedTo: null };
      return this.#admit({ path, renditionPath, animation, ...known }, format);
    });
  }

  #takeFont(
    path: string,
    format: Extract<AssetFormat, { kind: 'font' }>,
    signal: AbortSignal | null,
  ): Promise<Ingested> {
    return this.#cache.withTemp(async (plainPath) => {
      const input = { path, mediaType: format.mediaType, plainPath };
      const { info, hasPlain } = await this.#decoder.run('checkFont', input, signal);
      return hasPlain
        ? this.#admit({ path, renditionPath: plainPath, font: info }, format)
        : this.#admit({ path, font: info }, format);
    });
  }

  async #takeSound(
    path: string,
    format: Extract<AssetFormat, { kind: 'audio' }>,
    signal: AbortSignal | null,
  ): Promise<Ingested> {
    const { mediaType, videoType } = format;
    const ffmpegPath = this.#ffmpegPath;
    if (videoType !== null) {
      const found = await this.#decoder.run('probeVideo', { path, ffmpegPath }, signal);
      if (found !== null) return this.#takeVideo(path, format, { ...found, videoType, signal });
    }
    const audio = await this.#decoder.run('probeSound', { path, mediaType, ffmpegPath }, signal);
    return this.#admit({ path, audio }, format);
  }

  async #takeVideo(
    path: string,
    format: Extract<AssetFormat, { kind: 'audio' }>,
    { video, width, height, hasSound, videoType, signal }: FoundVideo & VideoHead,
  ): Promise<Ingested> {
    const input = { path, mediaType: format.mediaType, ffmpegPath: this.#ffmpegPath };
    // A sound that cannot be decoded is no reason to refuse the pictures.
    const audio = hasSound
      ? await this.#decoder.run('probeSound', input, signal).catch((error: unknown) => {
          if (error instanceof AppError && error.code === 'SM_ASSET_BROKEN') return null;
          throw error;
        })
      : null;
    const known = { kind: 'video', mediaType: videoType, video, audio, width, height } as const;
    return this.#admit({ path, ...known }, format);
  }

  #refitSvg(cleanPath: string, before: readonly string[]): Promise<Refitted> {
    return this.#withTemps(2, async ([outlinedPath = '', scratchPath = '']) => {
      const input = { cleanPath, outlinedPath, scratchPath, fonts: this.#fonts() };
      const { notDrawn } = await this.#decoder.run('setSvgText', input, null);
      const { hash, release } = await this.#oneByOne(() => this.#cache.admit(outlinedPath));
      const others = before.filter((what) => !what.startsWith(MISSING_CHARACTERS));
      return { content: { renditionHash: hash, notDrawn: [...others, ...notDrawn] }, release };
    });
  }

  #refitLottie(path: string): Promise<Refitted> {
    return this.#withTemps(2, async ([intoPath = '', scratchPath = '']) => {
      const input = { path, intoPath, scratchPath, fonts: this.#fonts() };
      const { notDrawn, fontFamilies } = await this.#decoder.run('writeLottie', input, null);
      const { hash, release } = await this.#oneByOne(() => this.#cache.admit(intoPath));
      return { content: { renditionHash: hash, notDrawn, fontFamilies }, release };
    });
  }
}
