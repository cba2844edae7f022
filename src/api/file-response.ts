import { open } from 'node:fs/promises';
import { AppError } from '../core/errors.js';
import type { Exchange, Header } from './exchange.js';

const CHUNK_BYTES = 256 * 1024;

/**
 * Answers with a file from disk, no faster than the client reads: at most one chunk is in memory.
 * @throws AppError SM_ASSET_NOT_READY when the file is not there
 */
export async function sendFile(
  exchange: Exchange,
  path: string,
  totalBytes: number,
  headers: readonly Header[],
): Promise<void> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new AppError(
      'SM_ASSET_NOT_READY',
      'The content is not in the cache at the moment. Try again later.',
      [],
      { cause: error },
    );
  });
  let wake = (): void => undefined;
  exchange.onWritable(() => {
    wake();
  });
  exchange.onClose(() => {
    wake();
  });
  try {
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, totalBytes));
    while (exchange.open) {
      const offset = exchange.sentBytes;
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) {
        exchange.destroy();
        return;
      }
      const caughtUp = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const outcome = exchange.writePart(buffer.subarray(0, bytesRead), totalBytes, 200, headers);
      if (outcome === 'wait') await caughtUp;
    }
  } finally {
    await file.close();
  }
}
