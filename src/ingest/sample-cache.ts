import { LRUCache } from 'lru-cache';
import { SAMPLE_RATE_HZ } from '../core/media-clock.js';
import { SOUND_CHANNELS } from '../memory/sound-ring.js';

/** The longest that is kept, seconds: horns and jingles, which are to sound at once when they are played again. */
const LONGEST_SECONDS = 10;
/** All of it, bytes. */
const MOST_BYTES = 32 * 1024 * 1024;

/** The most floats of one entry. */
export const MOST_CACHED_FLOATS = LONGEST_SECONDS * SAMPLE_RATE_HZ * SOUND_CHANNELS;

/** What has been decoded from beginning to end, and is short: of files alone, since what is at an address may change. */
export class SampleCache {
  readonly #entries = new LRUCache<string, Float32Array>({
    maxSize: MOST_BYTES,
    sizeCalculation: (samples) => Math.max(1, samples.byteLength),
  });

  get(key: string): Float32Array | null {
    return this.#entries.get(key) ?? null;
  }

  put(key: string, samples: Float32Array): void {
    this.#entries.set(key, samples);
  }
}
