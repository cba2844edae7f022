import { readFile, stat, writeFile } from 'node:fs/promises';
import type { Asset } from '../state/model.js';
import type { ContentCache } from './content-cache.js';
import { createFilmMaker } from './film.js';
import { checkFont, FONT_LIMITS } from './font.js';
import { sniffAsset, type AssetFormat } from './format.js';
import { createLimiter } from './limiter.js';
import { checkLottie, LOTTIE_LIMITS } from './lottie.js';
import type { Motion, PictureDecoder, Size } from './pictures.js';
import { AppError } from '../core/errors.js';
import { cleanSvg, SVG_LIMITS } from './svg.js';
import { createSvgDrawer } from './svg-sizes.js';

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
>;

/** An asset that is in the cache, checked and ready for the painter. */
export type Ingested = {
  readonly content: AssetContent & { readonly contentHash: string };
  /** Lets the cache evict it: called when a record in the state refers to it. */
  readonly release: () => void;
};

/**
 * Takes a file that somebody gave us into the cache.
 * @throws AppError SM_ASSET_FORMAT, SM_ASSET_TOO_LARGE, SM_ASSET_BROKEN, SM_ASSET_STORAGE
 */
export type Ingest = (path: string, signal: AbortSignal | null) => Promise<Ingested>;

/** What is found out of a file, and the files that are kept of it. */
type Taken = Partial<Omit<AssetContent, 'contentHash' | 'renditionHash' | 'bytes'>> & {
  readonly path: string;
  readonly renditionPath?: string;
};

const UNKNOWN = { animation: null, font: null, width: null, height: null } as const;

/** One at a time: decoding costs memory and the processor that the program needs. */
export function createIngest(cache: ContentCache, decoder: PictureDecoder): Ingest {
  const limiter = createLimiter(1);
  const makeFilm = createFilmMaker(decoder);
  const drawSvg = createSvgDrawer(decoder);

  const admit = async (
    { path, renditionPath, ...known }: Taken,
    format: AssetFormat,
  ): Promise<Ingested> => {
    const kind = format.kind === 'apng' ? 'film' : format.kind;
    const original = await cache.admit(path);
    try {
      const rendition = renditionPath === undefined ? null : await cache.admit(renditionPath);
      return {
        content: {
          ...{ ...UNKNOWN, kind, mediaType: format.mediaType, ...known },
          ...{ contentHash: original.hash, bytes: original.bytes },
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
  };

  const takeFilm = (
    path: string,
    format: AssetFormat,
    size: Size,
    motion: Motion | null,
  ): Promise<Ingested> =>
    cache.withTemp(async (renditionPath) => {
      const { pictures, plays } = await makeFilm(
        ...([path, renditionPath, format.mediaType, size, motion] as const),
      );
      const durationMs = pictures.reduce((sum, frame) => sum + frame.durationMs, 0);
      const animation = { frames: pictures.length, durationMs, plays };
      return admit({ path, renditionPath, kind: 'film', animation, ...size }, format);
    });

  const takePicture = async (
    path: string,
    format: Extract<AssetFormat, { kind: 'picture' }>,
  ): Promise<Ingested> => {
    const { width, height, isPlain, motion } = await decoder.probe(path, format.mediaType);
    const size = { width, height };
    if (motion !== null) return takeFilm(path, format, size, motion);
    if (isPlain) {
      await decoder.check(path);
      return admit({ path, ...size }, format);
    }
    return cache.withTemp(async (plainPath) => {
      await decoder.writePlain(path, plainPath);
      return admit({ path: plainPath, mediaType: 'image/png', ...size }, format);
    });
  };

  const takeSvg = async (path: string, format: AssetFormat): Promise<Ingested> => {
    const { text, pictures } = cleanSvg(await readBounded(path, SVG_LIMITS.bytes));
    for (const picture of pictures) await decoder.probeEmbedded(picture);
    return cache.withTemp((cleanPath) =>
      cache.withTemp(async (renditionPath) => {
        const svg = Buffer.from(text);
        await writeFile(cleanPath, svg, { flag: 'wx' });
        const size = await drawSvg(svg, renditionPath);
        return admit({ path: cleanPath, renditionPath, ...size }, format);
      }),
    );
  };

  const takeLottie = async (path: string, format: AssetFormat): Promise<Ingested> => {
    const bytes = await readBounded(path, LOTTIE_LIMITS.bytes);
    const { width, height, frames, durationMs, pictures } = checkLottie(bytes);
    for (const picture of pictures) await decoder.probeEmbedded(picture);
    const animation = { frames, durationMs, plays: 0 };
    return admit({ path, width, height, animation }, format);
  };

  const takeFont = async (
    path: string,
    format: Extract<AssetFormat, { kind: 'font' }>,
  ): Promise<Ingested> => {
    const bytes = await readBounded(path, FONT_LIMITS.bytes);
    const { info, plain } = await checkFont(bytes, format.mediaType);
    if (plain === null) return admit({ path, font: info }, format);
    return cache.withTemp(async (renditionPath) => {
      await writeFile(renditionPath, plain, { flag: 'wx' });
      return admit({ path, renditionPath, font: info }, format);
    });
  };

  const take = async (path: string): Promise<Ingested> => {
    const format = await sniffAsset(path);
    switch (format.kind) {
      case 'picture':
        return takePicture(path, format);
      case 'apng': {
        const { width, height } = await decoder.probe(path, 'image/png');
        return takeFilm(path, format, { width, height }, null);
      }
      case 'svg':
        return takeSvg(path, format);
      case 'lottie':
        return takeLottie(path, format);
      case 'font':
        return takeFont(path, format);
    }
  };

  return (path, signal) => limiter.run(() => take(path), signal);
}

/** @throws AppError SM_ASSET_TOO_LARGE before anything is read */
async function readBounded(path: string, limitBytes: number): Promise<Buffer> {
  const { size } = await stat(path);
  if (size <= limitBytes) return readFile(path);
  throw new AppError(
    'SM_ASSET_TOO_LARGE',
    `The file has ${size} bytes; at most ${limitBytes} are taken of its kind.`,
  );
}
