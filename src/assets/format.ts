import { open } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
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

/** As many bytes as the sniffer looks at. */
const HEAD_BYTES = 4100;
const ACCEPTED = 'Give a PNG, JPEG, WebP, GIF or AVIF.';

/**
 * The format of a file by its first bytes.
 * @throws AppError SM_ASSET_FORMAT
 */
export async function sniffPicture(path: string): Promise<PictureMediaType> {
  const head = await readHead(path);
  if (head.length === 0) throw new AppError('SM_ASSET_FORMAT', `The file is empty. ${ACCEPTED}`);
  const found = (await fileTypeFromBuffer(head))?.mime ?? null;
  const mediaType = PICTURE_MEDIA_TYPES.find((type) => type === found);
  if (mediaType !== undefined) return mediaType;
  if (found === 'image/apng') return 'image/png';
  if (/<svg[\s>]/i.test(head.toString('latin1'))) {
    throw new AppError('SM_ASSET_FORMAT', 'SVG is not supported yet. Export it as PNG or WebP.');
  }
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
