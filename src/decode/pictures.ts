import type { Metadata, SharpOptions } from 'sharp';
import { AppError } from '../core/errors.js';
import { type FrameRequest, MAX_FRAME_PIXELS } from './frame-protocol.js';
import type { PixelBox } from './resample.js';
import type { Motion, PictureInfo, PictureMediaType, Size } from './protocol.js';

/** The one owner of sharp, which is loaded when the first picture arrives. All work runs outside of the main thread. */

/** Bounds of a decoded picture: 40 million pixels are 160 MB in RGBA, and no layer is larger than the extent. */
export const PICTURE_LIMITS = { extentPx: 8192, pixels: 40_000_000 } as const;

/** A picture may be small in bytes and in pixels and still take minutes, such as a JPEG of thousands of scans. */
const DECODE_TIMEOUT_SECONDS = 20;
const CHECK_EXTENT_PX = 16;

const LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Heif'];
const SHARP_FORMATS: Readonly<Record<PictureMediaType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
};

/** Pictures that may stand in other files; null: their renderers do not know it. */
const EMBEDDED_MEDIA_TYPES: Readonly<Record<string, string | null>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: null,
  heif: null,
};

const DECODE_OPTIONS: SharpOptions = {
  failOn: 'error',
  limitInputPixels: PICTURE_LIMITS.pixels,
  sequentialRead: true,
};

/** Pixels R G B A, not premultiplied. */
export type Pixels = { readonly rgba: Buffer; readonly width: number; readonly height: number };

export type EmbeddedPicture = { readonly mediaType: string; readonly bytes: Buffer };

export interface PictureDecoder {
  /** Loads the library, which the first picture would do otherwise. */
  load(): Promise<void>;
  /**
   * Looks at the head of a picture only, and refuses what would be too large when decoded.
   * @throws AppError SM_ASSET_TOO_LARGE, SM_ASSET_BROKEN
   */
  probe(picture: Buffer, mediaType: PictureMediaType): Promise<PictureInfo>;
  /**
   * Decodes the whole picture once, row by row, so that a broken one is refused before it reaches the program.
   * @throws AppError SM_ASSET_BROKEN
   */
  check(path: string): Promise<void>;
  /**
   * Writes the picture upright, in sRGB and 8 bits, without loss as PNG.
   * @throws AppError SM_ASSET_BROKEN
   */
  writePlain(path: string, intoPath: string): Promise<void>;
  /**
   * Looks at a picture that stands in another file, and refuses what would be too large when decoded; answers it as
   * PNG, JPEG or GIF, which every renderer knows.
   * @throws AppError SM_ASSET_TOO_LARGE, SM_ASSET_BROKEN
   */
  embed(bytes: Buffer): Promise<EmbeddedPicture>;
  /**
   * Frames `first` to `first + count - 1` of an animated GIF or WebP, put together, one below the other.
   * @throws AppError SM_ASSET_BROKEN
   */
  readFrames(picture: Buffer, first: number, count: number): Promise<Pixels>;
  /** By its head. @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE */
  sizeOf(picture: Buffer): Promise<Size>;
  /** @throws AppError SM_ASSET_BROKEN */
  readPixels(picture: Buffer): Promise<Pixels>;
  /** The same for a part of it, in whole pixels. */
  readPart(picture: Buffer, part: PixelBox): Promise<Pixels>;
  /**
   * Decodes a picture that a program has sent, scaled down as it wants, both sides even.
   * @throws AppError SM_ASSET_BROKEN, SM_ASSET_TOO_LARGE
   */
  readFrame(request: FrameRequest): Promise<Pixels & { readonly hasAlpha: boolean }>;
  writePng(pixels: Pixels): Promise<Buffer>;
}

type Sharp = (typeof import('sharp'))['default'];

export function createPictureDecoder(): PictureDecoder {
  let loading: Promise<Sharp> | null = null;
  const loaded = (): Promise<Sharp> => (loading ??= load());
  return {
    async load() {
      await loaded();
    },
    async probe(picture, mediaType) {
      const sharp = await loaded();
      const head = sharp(picture, { ...DECODE_OPTIONS, limitInputPixels: false }).metadata();
      const info = toInfo(await orBroken(head), mediaType);
      if (mediaType === 'image/jpeg') checkScans(picture, info);
      return info;
    },
    async check(path) {
      const sharp = await loaded();
      await orBroken(
        sharp(path, DECODE_OPTIONS)
          .resize(CHECK_EXTENT_PX, CHECK_EXTENT_PX, { fit: 'fill', fastShrinkOnLoad: false })
          .raw()
          .timeout({ seconds: DECODE_TIMEOUT_SECONDS })
          .toBuffer(),
      );
    },
    async writePlain(path, intoPath) {
      const sharp = await loaded();
      await orBroken(
        sharp(path, DECODE_OPTIONS)
          .autoOrient()
          .toColourspace('srgb')
          .png({ compressionLevel: 4 })
          .timeout({ seconds: DECODE_TIMEOUT_SECONDS })
          .toFile(intoPath),
      );
    },
    async embed(bytes) {
      const sharp = await loaded();
      const head = sharp(bytes, { ...DECODE_OPTIONS, limitInputPixels: false });
      const { format, width, height, orientation = 1, space } = await orBroken(head.metadata());
      const mediaType = EMBEDDED_MEDIA_TYPES[format];
      if (mediaType === undefined) throw damagedHead();
      checkSize(width, height);
      if (mediaType !== null && orientation === 1 && space !== 'cmyk') return { mediaType, bytes };
      const plain = sharp(bytes, DECODE_OPTIONS).autoOrient().toColourspace('srgb').png();
      return { mediaType: 'image/png', bytes: await orBroken(plain.toBuffer()) };
    },
    async readFrames(picture, first, count) {
      const sharp = await loaded();
      return toPixels(sharp(picture, { ...DECODE_OPTIONS, page: first, pages: count }));
    },
    async sizeOf(picture) {
      const sharp = await loaded();
      const head = sharp(picture, { ...DECODE_OPTIONS, limitInputPixels: false });
      const { width, height } = await orBroken(head.metadata());
      checkSize(width, height);
      return { width, height };
    },
    async readPart(picture, { x, y, width, height }) {
      const sharp = await loaded();
      return toPixels(sharp(picture, DECODE_OPTIONS).extract({ left: x, top: y, width, height }));
    },
    async readPixels(picture) {
      const sharp = await loaded();
      return toPixels(sharp(picture, DECODE_OPTIONS));
    },
    async readFrame(request) {
      return readFrame(await loaded(), request);
    },
    async writePng({ rgba, width, height }) {
      const sharp = await loaded();
      const picture = sharp(rgba, { raw: { width, height, channels: 4 } });
      return picture.png({ compressionLevel: 4 }).toBuffer();
    },
  };
}

async function readFrame(
  sharp: Sharp,
  { bytes, mediaType, maxWidthPx, maxHeightPx }: FrameRequest,
): Promise<Pixels & { readonly hasAlpha: boolean }> {
  const picture = sharp(bytes, { ...DECODE_OPTIONS, limitInputPixels: MAX_FRAME_PIXELS });
  const { format, width, height, hasAlpha } = await orBroken(picture.metadata());
  if (format !== SHARP_FORMATS[mediaType]) throw damagedHead();
  const scale = Math.min(1, maxWidthPx / width, maxHeightPx / height);
  const toEven = (extentPx: number): number => Math.max(2, 2 * Math.round((extentPx * scale) / 2));
  const size = { width: toEven(width), height: toEven(height), fit: 'fill' } as const;
  const isAsWanted = size.width === width && size.height === height;
  const pixels = await toPixels(isAsWanted ? picture : picture.resize(size));
  return { ...pixels, hasAlpha };
}

async function toPixels(picture: ReturnType<Sharp>): Promise<Pixels> {
  const { data, info } = await orBroken(
    picture
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .timeout({ seconds: DECODE_TIMEOUT_SECONDS })
      .toBuffer({ resolveWithObject: true }),
  );
  return { rgba: data, width: info.width, height: info.height };
}

/** Memory goes back at once and one picture uses one thread: the rest of the machine is for the program. */
async function load(): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS.map((name) => `VipsForeignLoad${name}`) });
  return sharp;
}

function toInfo(metadata: Metadata, mediaType: PictureMediaType): PictureInfo {
  const { width, height } = metadata.autoOrient;
  if (metadata.format !== SHARP_FORMATS[mediaType] || width < 1 || height < 1) throw damagedHead();
  checkSize(width, height);
  return {
    width,
    height,
    isPlain: mediaType !== 'image/avif' && isPlain(metadata),
    motion: motionOf(metadata),
  };
}

/** Browsers take 10 ms and less for a tenth of a second, and so do those who make such files. */
function motionOf({ pages = 1, delay = [], loop = 0, format }: Metadata): Motion | null {
  if (pages < 2 || (format !== 'gif' && format !== 'webp')) return null;
  const durationsMs = Array.from({ length: pages }, (_, i) => {
    const ms = delay[i] ?? 0;
    return ms <= 10 ? 100 : ms;
  });
  return { durationsMs, plays: loop };
}

function damagedHead(): AppError {
  return new AppError('SM_ASSET_BROKEN', 'The header of the picture is damaged. Save it again.');
}

/**
 * Most pixels that all passes over a progressive JPEG together may have: cameras and editors make some ten. Each pass goes over
 * all pixels and may be some bytes long.
 */
const SCAN_PIXELS = 1_200_000_000;
const SCAN_MARKER = Buffer.of(0xff, 0xda);

function checkScans(jpeg: Buffer, { width, height }: Size): void {
  let scans = 0;
  for (let at = jpeg.indexOf(SCAN_MARKER); at >= 0; at = jpeg.indexOf(SCAN_MARKER, at + 2)) scans++;
  if (scans * width * height <= SCAN_PIXELS || scans <= 12) return;
  throw new AppError(
    'SM_ASSET_TOO_COMPLEX',
    `The JPEG goes ${scans} times over its ${width}x${height} pixels. Save it again, as a baseline JPEG.`,
  );
}

function checkSize(width: number, height: number): void {
  const { extentPx, pixels } = PICTURE_LIMITS;
  if (width > extentPx || height > extentPx || width * height > pixels) {
    throw new AppError(
      'SM_ASSET_TOO_LARGE',
      `The picture is ${width}x${height} pixels; at most ${extentPx} on a side and ${pixels / 1e6} million in all are taken. Scale it down.`,
    );
  }
}

function isPlain({ orientation, space, icc }: Metadata): boolean {
  const isUpright = orientation === undefined || orientation === 1;
  return isUpright && space !== 'cmyk' && (icc === undefined || isSrgbProfile(icc));
}

/** Profiles name themselves in their description, in ASCII (version 2) or UTF-16 (version 4). */
function isSrgbProfile(icc: Buffer): boolean {
  return icc.includes('sRGB', 0, 'latin1') || icc.includes('s\0R\0G\0B', 0, 'latin1');
}

async function orBroken<T>(decoded: Promise<T>): Promise<T> {
  try {
    return await decoded;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new AppError(
      'SM_ASSET_BROKEN',
      `The picture cannot be decoded (${reason}). Save it again.`,
      [],
      {
        cause: error,
      },
    );
  }
}
