import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A file through which another process hands pixels over, one picture after the other: its pages stay where they are, and are written
 * and read again and again. Owns its descriptor; who made the folder removes it.
 */
export class PixelFile {
  readonly path: string;
  readonly fd: number;
  #isClosed = false;

  /** @throws Error when it cannot be made, or is there already */
  constructor(path: string) {
    this.path = path;
    this.fd = openSync(path, 'wx+', 0o600);
  }

  /** Puts the pixels that were written last where they are wanted, as they are. @throws Error when there are fewer */
  readInto(target: Uint8Array): void {
    for (let at = 0; at < target.length;) {
      const count = readSync(this.fd, target, at, target.length - at, at);
      if (count === 0) throw new Error('The file of pixels is too short.');
      at += count;
    }
  }

  /** Idempotent. */
  close(): void {
    if (!this.#isClosed) closeSync(this.fd);
    this.#isClosed = true;
  }
}
