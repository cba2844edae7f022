import { LRUCache } from 'lru-cache';
import type { Track } from './contract.js';

/** Some hours of changes to a show: an entry is an address and a number. */
const MOST_ENTRIES = 1000;

/**
 * How long laps of loops were, samples, by what is played of which file: where one that is sought beyond its end goes on. What is at
 * an address may have been replaced since, so nothing is cut by it.
 */
export class LapLengths {
  readonly #samples = new LRUCache<string, number>({ max: MOST_ENTRIES });

  /** Null: nobody has heard one to its end. */
  get(track: Track): number | null {
    return this.#samples.get(keyOf(track)) ?? null;
  }

  put(track: Track, samples: number): void {
    this.#samples.set(keyOf(track), samples);
  }
}

function keyOf({ input, inMs, outMs }: Track): string {
  return JSON.stringify([input, inMs, outMs]);
}
