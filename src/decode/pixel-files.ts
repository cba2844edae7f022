import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeScratchFolder } from '../core/scratch-folders.js';
import type { Decoder } from './pool.js';
import type { DecodeInput } from './protocol.js';

/**
 * Decoded pictures on their way from a decoder process into the shared memory: as files in a folder that only we can read.
 * They are written and read once, while the system still has them in its memory, and gone afterwards. Measured against a pipe:
 * as fast, and the thread that takes them need not wait for them.
 */
export class PixelFiles {
  readonly #decoder: Decoder;
  #folder: Promise<string> | null = null;
  #count = 0;
  #underWay = 0;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** Decodes a picture, lets `use` have the file of its pixels, and removes it. @throws AppError as `Decoder` says */
  async with<T>(
    wanted: Omit<DecodeInput<'writePixels'>, 'intoPath'>,
    use: (path: string) => Promise<T> | T,
  ): Promise<T> {
    this.#folder ??= makeScratchFolder(tmpdir());
    this.#underWay += 1;
    const folder = this.#folder;
    try {
      const intoPath = join(await folder, String(++this.#count));
      const { path, range, part, widthPx, heightPx, partWidthPx, partHeightPx } = wanted;
      const job = { path, range, part, widthPx, heightPx, partWidthPx, partHeightPx, intoPath };
      await this.#decoder.run('writePixels', job, null);
      const used = await use(intoPath);
      await rm(intoPath, { force: true });
      return used;
    } finally {
      this.#underWay -= 1;
      // A thread may be ended without a word: what is not needed at the moment is not left for later.
      if (this.#underWay === 0) await this.close();
    }
  }

  /** Removes the folder with all that is in it. */
  async close(): Promise<void> {
    const folder = this.#folder;
    this.#folder = null;
    if (folder !== null) await rm(await folder, { recursive: true, force: true });
  }
}
