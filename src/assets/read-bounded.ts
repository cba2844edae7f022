import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../core/errors.js';

/** @throws AppError SM_ASSET_TOO_LARGE before anything is read */
export async function readBounded(path: string, limitBytes: number): Promise<Buffer> {
  const { size } = await stat(path);
  if (size <= limitBytes) return readFile(path);
  throw new AppError(
    'SM_ASSET_TOO_LARGE',
    `The file has ${size} bytes; the limit for its kind is ${limitBytes} bytes.`,
  );
}
