import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toStorageError } from './storage-error.js';

/** What is known of a file of the cache. */
export type StoredFile = {
  readonly hash: string;
  readonly bytes: number;
  readonly usedAtMs: number;
};

/** The files `ab/abcdef…` below a folder, longest unused first. What has another name is left alone. */
export async function listStored(folder: string): Promise<StoredFile[]> {
  const found: StoredFile[] = [];
  for (const shard of await readdir(folder)) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue;
    for (const hash of await readdir(join(folder, shard))) {
      if (!/^[0-9a-f]{64}$/.test(hash)) continue;
      const { size, mtimeMs } = await stat(join(folder, shard, hash));
      found.push({ hash, bytes: size, usedAtMs: mtimeMs });
    }
  }
  return found.sort((a, b) => a.usedAtMs - b.usedAtMs);
}

/** SHA-256 in hex and size. Reads in parts: the calling thread hashes one in well under a millisecond. */
export async function hashFile(path: string): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of createReadStream(path, { highWaterMark: 128 * 1024 })) {
    if (!(part instanceof Uint8Array)) continue;
    hash.update(part);
    bytes += part.length;
  }
  return { hash: hash.digest('hex'), bytes };
}

/** Brings a file's bytes to the disk itself, so that a power cut does not leave a name without content. */
export async function flushFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Size in bytes; null when there is no such file. */
export async function sizeOnDisk(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch {
    return null;
  }
}

/** Runs work on files. @throws AppError SM_ASSET_STORAGE when the disk refuses; other errors as they are */
export async function orStorageError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStorageError(error) ?? error;
  }
}
