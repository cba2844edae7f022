import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** Decodes a picture, lets `use` have the file of its pixels, and removes it. @throws AppError as `Decoder` says */
  async with<T>(
    { path, range, part, widthPx, heightPx }: Omit<DecodeInput<'writePixels'>, 'intoPath'>,
    use: (path: string) => Promise<T> | T,
  ): Promise<T> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'stream-manager-'));
    const intoPath = join(await this.#folder, String(++this.#count));
    try {
      const job = { path, range, part, widthPx, heightPx, intoPath };
      await this.#decoder.run('writePixels', job, null);
      return await use(intoPath);
    } finally {
      await rm(intoPath, { force: true });
    }
  }

  /** Removes the folder. */
  async close(): Promise<void> {
    if (this.#folder !== null) await rm(await this.#folder, { recursive: true, force: true });
  }
}
