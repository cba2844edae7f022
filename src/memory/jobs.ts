import type { ProgramMap } from './map.js';
import {
  ITEM_BYTES,
  JOB_DONE,
  JOB_HEADER_BYTES,
  JOB_PAINTS,
  JOB_TILES,
  MAX_ITEMS,
  TILE_BYTES,
  TILE_HEIGHT,
  TILE_WIDTH,
  TILE_X,
  TILE_Y,
} from './records.js';
import type { Rect } from './region.js';

/** What is read of a job by those who did not write it; records.ts has the layout. */

function wordAt(words: Int32Array<SharedArrayBuffer>, byteOffset: number): number {
  return Atomics.load(words, byteOffset >> 2);
}

/** Where a job's tile records begin, bytes. */
export function tilesOffsetOf(map: ProgramMap, slot: number): number {
  return (map.jobOffsets[slot] ?? 0) + JOB_HEADER_BYTES + MAX_ITEMS * ITEM_BYTES;
}

/**
 * Whether all paints and tiles of a job are done. JOB_DONE is added to after each of them, so that who reads the full
 * count sees all patches.
 */
export function isJobDone(
  words: Int32Array<SharedArrayBuffer>,
  map: ProgramMap,
  slot: number,
): boolean {
  const job = map.jobOffsets[slot] ?? 0;
  const total = wordAt(words, job + JOB_PAINTS) + wordAt(words, job + JOB_TILES);
  return wordAt(words, job + JOB_DONE) === total;
}

export function tileCountOf(
  words: Int32Array<SharedArrayBuffer>,
  map: ProgramMap,
  slot: number,
): number {
  return wordAt(words, (map.jobOffsets[slot] ?? 0) + JOB_TILES);
}

/** The parts of the program frame that a job draws anew. */
export function tileRectsOf(
  words: Int32Array<SharedArrayBuffer>,
  map: ProgramMap,
  slot: number,
): Rect[] {
  const first = tilesOffsetOf(map, slot);
  return Array.from({ length: tileCountOf(words, map, slot) }, (_, i) => {
    const tile = first + i * TILE_BYTES;
    const [x0, y0] = [wordAt(words, tile + TILE_X), wordAt(words, tile + TILE_Y)];
    return {
      x0,
      y0,
      x1: x0 + wordAt(words, tile + TILE_WIDTH),
      y1: y0 + wordAt(words, tile + TILE_HEIGHT),
    };
  });
}
