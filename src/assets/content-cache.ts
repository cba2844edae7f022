import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.js';
import { flushFile, hashFile, listStored, orStorageError, sizeOnDisk } from './disk.js';

/**
 * Content on disk, each under its SHA-256: `<folder>/ab/abcdef…`, and `<folder>/tmp` for what is being written.
 * Bounded in bytes; what was not used for longest leaves first, as far as the owner lets it go.
 */
export interface ContentCache {
  readonly usedBytes: number;
  /** Size of a content in bytes; null when it is not there. */
  sizeOf(hash: string): number | null;
  pathOf(hash: string): string;
  /** Marks content as used now. */
  touch(hash: string): void;
  /** Runs with the path of a file or a folder that may be made there; whatever is left of it afterwards is removed. */
  withTemp<T>(use: (path: string) => Promise<T>): Promise<T>;
  /**
   * Moves a file in; afterwards it is there whole or not at all. Until `release()` it is not evicted.
   * One call at a time.
   * @throws AppError SM_ASSET_STORAGE when the disk, or the part of it that the cache may use, is full.
   */
  admit(tempPath: string): Promise<AdmittedContent>;
  /** Looks whether the file is still there and whole, and forgets it when not. */
  verify(hash: string): Promise<boolean>;
  remove(hash: string): Promise<void>;
  /** Removes what no record knows (any more) and was not used since `beforeMs`. */
  sweep(beforeMs: number, knownHashes: ReadonlySet<string>): Promise<void>;
}

export type AdmittedContent = {
  readonly hash: string;
  readonly bytes: number;
  readonly release: () => void;
};

export type ContentCacheOptions = {
  readonly folder: string;
  readonly limitBytes: number;
  /** Content that must stay: it cannot be had again, or somebody shows it. */
  readonly keptHashes: () => ReadonlySet<string>;
  /** Told after content has been thrown out. */
  readonly onEvicted: (hash: string) => void;
};

type Entry = { readonly bytes: number; readonly usedAtMs: number };

/** Makes the folders, removes what an earlier run left half-written, and lists what is there. @throws AppError SM_ASSET_STORAGE */
export async function openContentCache(options: ContentCacheOptions): Promise<ContentCache> {
  const { folder, limitBytes } = options;
  const tempFolder = join(folder, 'tmp');
  const stored = await orStorageError(async () => {
    await rm(tempFolder, { recursive: true, force: true });
    await mkdir(tempFolder, { recursive: true });
    return listStored(folder);
  });
  /** In the order of use, oldest first. */
  const entries = new Map<string, Entry>(stored.map(({ hash, ...entry }) => [hash, entry]));
  const holds = new Map<string, number>();
  let usedBytes = [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  const pathOf = (hash: string): string => join(folder, hash.slice(0, 2), hash);
  const forget = (hash: string): void => {
    usedBytes -= entries.get(hash)?.bytes ?? 0;
    entries.delete(hash);
  };
  const insert = (hash: string, bytes: number): void => {
    forget(hash);
    entries.set(hash, { bytes, usedAtMs: Date.now() });
    usedBytes += bytes;
  };
  const hold = (hash: string): (() => void) => {
    holds.set(hash, (holds.get(hash) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const count = (holds.get(hash) ?? 1) - 1;
      if (count === 0) holds.delete(hash);
      else holds.set(hash, count);
    };
  };
  const remove = async (hash: string): Promise<void> => {
    forget(hash);
    await rm(pathOf(hash), { force: true });
  };

  /** Takes nothing away unless it is enough. */
  const makeRoom = async (bytes: number): Promise<void> => {
    const leaving: string[] = [];
    const kept = options.keptHashes();
    let missing = usedBytes + bytes - limitBytes;
    for (const [hash, entry] of entries) {
      if (missing <= 0) break;
      if (holds.has(hash) || kept.has(hash)) continue;
      leaving.push(hash);
      missing -= entry.bytes;
    }
    if (missing > 0) {
      throw new AppError(
        'SM_ASSET_STORAGE',
        `The asset cache is limited to ${limitBytes} bytes, and the assets in use leave no room for ${bytes} more. Delete some assets.`,
      );
    }
    for (const hash of leaving) {
      forget(hash);
      options.onEvicted(hash);
      await rm(pathOf(hash), { force: true });
    }
  };

  return {
    get usedBytes() {
      return usedBytes;
    },
    sizeOf: (hash) => entries.get(hash)?.bytes ?? null,
    pathOf,
    touch(hash) {
      const entry = entries.get(hash);
      if (entry !== undefined) insert(hash, entry.bytes);
    },
    async withTemp(use) {
      const path = join(tempFolder, randomUUID());
      try {
        return await orStorageError(() => use(path));
      } finally {
        await rm(path, { recursive: true, force: true });
      }
    },
    async admit(tempPath) {
      return orStorageError(async () => {
        const { hash, bytes } = await hashFile(tempPath);
        const release = hold(hash);
        try {
          if (!entries.has(hash)) {
            await makeRoom(bytes);
            await flushFile(tempPath);
            await mkdir(join(folder, hash.slice(0, 2)), { recursive: true });
            await rename(tempPath, pathOf(hash));
          }
          insert(hash, bytes);
          return { hash, bytes, release };
        } catch (error) {
          release();
          throw error;
        }
      });
    },
    async verify(hash) {
      const size = await sizeOnDisk(pathOf(hash));
      const known = entries.get(hash);
      if (known === undefined || size !== known.bytes) {
        await remove(hash);
        return false;
      }
      return true;
    },
    remove: async (hash) => {
      if (!holds.has(hash)) await remove(hash);
    },
    async sweep(beforeMs, knownHashes) {
      for (const [hash, entry] of [...entries]) {
        if (entry.usedAtMs < beforeMs && !holds.has(hash) && !knownHashes.has(hash)) {
          await remove(hash);
        }
      }
    },
  };
}
