import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  const { folder } = options;
  const tempFolder = join(folder, 'tmp');
  const stored = await orStorageError(async () => {
    await rm(tempFolder, { recursive: true, force: true });
    await mkdir(tempFolder, { recursive: true });
    return listStored(folder);
  });
  return new FolderCache(
    options,
    tempFolder,
    stored.map(({ hash, ...entry }) => [hash, entry]),
  );
}

class FolderCache implements ContentCache {
  readonly #options: ContentCacheOptions;
  readonly #tempFolder: string;
  /** In the order of use, oldest first. */
  readonly #entries: Map<string, Entry>;
  /** How many have admitted a content and not released it yet. */
  readonly #holds = new Map<string, number>();
  #usedBytes: number;

  constructor(
    options: ContentCacheOptions,
    tempFolder: string,
    stored: readonly (readonly [string, Entry])[],
  ) {
    this.#options = options;
    this.#tempFolder = tempFolder;
    this.#entries = new Map(stored);
    this.#usedBytes = stored.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  sizeOf(hash: string): number | null {
    return this.#entries.get(hash)?.bytes ?? null;
  }

  pathOf(hash: string): string {
    return join(this.#options.folder, hash.slice(0, 2), hash);
  }

  touch(hash: string): void {
    const entry = this.#entries.get(hash);
    if (entry !== undefined) this.#insert(hash, entry.bytes);
  }

  async withTemp<T>(use: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.#tempFolder, randomUUID());
    try {
      return await orStorageError(() => use(path));
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  }

  async admit(tempPath: string): Promise<AdmittedContent> {
    return orStorageError(async () => {
      const { hash, bytes } = await hashFile(tempPath);
      const release = this.#hold(hash);
      try {
        if (!this.#entries.has(hash)) {
          await this.#makeRoom(bytes);
          await flushFile(tempPath);
          await mkdir(dirname(this.pathOf(hash)), { recursive: true });
          await rename(tempPath, this.pathOf(hash));
        }
        this.#insert(hash, bytes);
        return { hash, bytes, release };
      } catch (error) {
        release();
        throw error;
      }
    });
  }

  async verify(hash: string): Promise<boolean> {
    const size = await sizeOnDisk(this.pathOf(hash));
    const known = this.#entries.get(hash);
    if (known === undefined || size !== known.bytes) {
      await this.#discard(hash);
      return false;
    }
    return true;
  }

  async remove(hash: string): Promise<void> {
    if (!this.#holds.has(hash)) await this.#discard(hash);
  }

  async sweep(beforeMs: number, knownHashes: ReadonlySet<string>): Promise<void> {
    for (const [hash, entry] of [...this.#entries]) {
      if (entry.usedAtMs < beforeMs && !this.#holds.has(hash) && !knownHashes.has(hash)) {
        await this.#discard(hash);
      }
    }
  }

  #forget(hash: string): void {
    this.#usedBytes -= this.#entries.get(hash)?.bytes ?? 0;
    this.#entries.delete(hash);
  }

  #insert(hash: string, bytes: number): void {
    this.#forget(hash);
    this.#entries.set(hash, { bytes, usedAtMs: Date.now() });
    this.#usedBytes += bytes;
  }

  async #discard(hash: string): Promise<void> {
    this.#forget(hash);
    await rm(this.pathOf(hash), { force: true });
  }

  #hold(hash: string): () => void {
    this.#holds.set(hash, (this.#holds.get(hash) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const count = (this.#holds.get(hash) ?? 1) - 1;
      if (count === 0) this.#holds.delete(hash);
      else this.#holds.set(hash, count);
    };
  }

  /** Takes nothing away unless it is enough. */
  async #makeRoom(bytes: number): Promise<void> {
    const { limitBytes, keptHashes, onEvicted } = this.#options;
    const leaving: string[] = [];
    const kept = keptHashes();
    let missing = this.#usedBytes + bytes - limitBytes;
    for (const [hash, entry] of this.#entries) {
      if (missing <= 0) break;
      if (this.#holds.has(hash) || kept.has(hash)) continue;
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
      this.#forget(hash);
      onEvicted(hash);
      await rm(this.pathOf(hash), { force: true });
    }
  }
}
