import { open } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
import { isApng } from './apng.js';
import { sniffFont, type FontMediaType } from './font.js';
import { looksLikeLottie } from './lottie.js';
import { AppError } from '../core/errors.js';

/** Pictures that both the check and the painter can decode, by what their bytes say; a declared type is ignored. */
export const PICTURE_MEDIA_TYPES = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'image/avif',
] as const;
export type PictureMediaType = (typeof PICTURE_MEDIA_TYPES)[number];

/** What a file is, before it has been looked at closely. */
export type AssetFormat =
  | { readonly kind: 'picture'; readonly mediaType: PictureMediaType }
  /** An animated PNG. Other animated pictures are told apart by their decoder. */
  | { readonly kind: 'apng'; readonly mediaType: 'image/apng' }
  | { readonly kind: 'svg'; readonly mediaType: 'image/svg+xml' }
  | { readonly kind: 'lottie'; readonly mediaType: 'video/lottie+json' }
  | { readonly kind: 'font'; readonly mediaType: FontMediaType };

/** As many bytes as the sniffer looks at. */
const HEAD_BYTES = 4100;
const ACCEPTED =
  'Give a PNG, JPEG, WebP, GIF, AVIF or SVG, a Lottie animation, or a TrueType, OpenType or WOFF font.';

/**
 * The format of a file by its first bytes.
 * @throws AppError SM_ASSET_FORMAT
 */
export async function sniffAsset(path: string): Promise<AssetFormat> {
  const head = await readHead(path);
  if (head.length === 0) throw new AppError('SM_ASSET_FORMAT', `The file is empty. ${ACCEPTED}`);
  const font = sniffFont(head);
  if (font !== null) return { kind: 'font', mediaType: font };
  const found = (await fileTypeFromBuffer(head))?.mime ?? null;
  if (found === 'image/apng' || isApng(head)) return { kind: 'apng', mediaType: 'image/apng' };
  const mediaType = PICTURE_MEDIA_TYPES.find((type) => type === found);
  if (mediaType !== undefined) return { kind: 'picture', mediaType };
  const text = head.toString('utf8');
  if (/^\s*(<[?!][\s\S]*)?<svg[\s/>]/i.test(text.replace(/^\ufeff/, '')))
    return { kind: 'svg', mediaType: 'image/svg+xml' };
  if (looksLikeLottie(text)) return { kind: 'lottie', mediaType: 'video/lottie+json' };
  throw new AppError(
    'SM_ASSET_FORMAT',
    found === null ? `This is not a picture. ${ACCEPTED}` : `This is ${found}. ${ACCEPTED}`,
  );
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
