import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { readLottie, type Lottie } from './canvas.js';

/** Animations that a thread keeps ready: one of a megabyte takes some ten. */
const KEPT_LOTTIES = 16;

/** The vector animations of one thread. They have a playhead of their own, so no thread lends them to another. */
export class LottieCache {
  readonly #known = new LRUCache<string, Lottie>({ max: KEPT_LOTTIES });

  /** Reads an animation ahead. @throws Error when it cannot be read or is none */
  async load(contentHash: string, path: string): Promise<void> {
    if (this.#known.has(contentHash)) return;
    this.#known.set(contentHash, readLottie(await readFile(path)));
  }

  /** An animation; read here and now when so many others were shown meanwhile that it was given up. */
  get(contentHash: string, path: string): Lottie {
    const lottie = this.#known.get(contentHash) ?? readLottie(readFileSync(path));
    this.#known.set(contentHash, lottie);
    return lottie;
  }
}
