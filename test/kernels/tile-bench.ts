import assert from 'node:assert/strict';
import { createSharedMemory, mapProgramMemory } from '../../src/memory/map.js';
import { instantiateKernels, type Kernels } from '../../src/memory/kernels.js';
import {
  BITMAP_HEADER_BYTES,
  BITMAP_OPAQUE,
  BITMAP_PAINTED,
  BITMAP_STATE,
  ITEM_BYTES,
  JOB_BACKGROUND,
  JOB_HEADER_BYTES,
  JOB_ITEMS,
  JOB_TILES,
  MAX_ITEMS,
  TILE_ALIGN_PX,
  TILE_BYTES,
  TILE_HEIGHT,
  TILE_PATCH,
  TILE_WIDTH,
  TILE_X,
  TILE_Y,
} from '../../src/memory/records.js';
import { BitmapStore, levelsOf, type Bitmap } from '../../src/compositor/bitmaps.js';
import { writeItems } from '../../src/compositor/items/write-items.js';
import type { Item } from '../../src/compositor/items/item.js';
import { toPictureContent } from '../../src/render/content.js';
import type { Rect } from '../../src/memory/region.js';

/** Premultiplied RGBA, rows without gaps. */
export type Pixels = { readonly width: number; readonly height: number; readonly rgba: Uint8Array };

/** Jobs written by hand for the kernels, and what they make of them. */
export type TileBench = {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** Offset of free memory, 64 bytes aligned, for the test's own use; larger than any frame. */
  readonly free: number;
  /** Offset of the scratch that tiles are drawn in. */
  readonly scratch: number;
  /** Puts pixels into memory as a painted bitmap. */
  bitmap(pixels: Pixels): Bitmap;
  /** The levels of a bitmap, made. */
  levels(of: Bitmap): Bitmap;
  /** Draws items on a background (R, G, B) and puts the tiles together to a program frame. */
  render(items: readonly Item[], background: readonly number[], tiles: readonly Rect[]): Uint8Array;
  /** The same for one tile, before it is converted. Its width must be a multiple of 16. */
  renderRgba(items: readonly Item[], background: readonly number[], tile: Rect): Uint8Array;
  /** What is left in the buffer of the only group among `items`; the tile must be small enough for one band. */
  renderGroup(items: readonly Item[], tile: Rect): Uint8Array;
  /** Writes items for kernels that are called by hand, and answers the offset of the first. */
  record(items: readonly Item[]): number;
  /** Forgets all bitmaps. */
  clear(): void;
};

const FREE_BYTES = 64 << 20;

export function createTileBench(widthPx: number, heightPx: number): TileBench {
  const memory = createSharedMemory();
  const map = mapProgramMemory(widthPx, heightPx);
  const kernels = instantiateKernels(memory);
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);
  const [job = 0] = map.jobOffsets;
  const [arena = 0] = map.arenaOffsets;
  const [frame = 0] = map.frameOffsets;
  const createStore = (): BitmapStore =>
    new BitmapStore(
      memory,
      Math.ceil((map.heapOffset + FREE_BYTES) / 64) * 64,
      map.heapBytes - 2 * FREE_BYTES,
      map.heapBytes - 2 * FREE_BYTES,
    );
  let store = createStore();
  let count = 0;
  const i32 = (at: number, value: number): void => {
    view.setInt32(at, value, true);
  };
  const writeJob = (
    items: readonly Item[],
    background: readonly number[],
    tiles: readonly Rect[],
  ): number => {
    i32(job + JOB_ITEMS, items.length);
    i32(job + JOB_TILES, tiles.length);
    bytes.set([...background.slice(0, 3), 255], job + JOB_BACKGROUND);
    // What a kind does not have is no number, so that it shows when a kernel reads it.
    const records = job + JOB_HEADER_BYTES;
    bytes.fill(0xff, records, records + items.length * ITEM_BYTES);
    writeItems(view, records, items);
    const first = job + JOB_HEADER_BYTES + MAX_ITEMS * ITEM_BYTES;
    let patch = arena;
    tiles.forEach(({ x0, y0, x1, y1 }, i) => {
      const at = first + i * TILE_BYTES;
      i32(at + TILE_X, x0);
      i32(at + TILE_Y, y0);
      i32(at + TILE_WIDTH, x1 - x0);
      i32(at + TILE_HEIGHT, y1 - y0);
      i32(at + TILE_PATCH, patch);
      const paddedPx = Math.ceil((x1 - x0) / TILE_ALIGN_PX) * TILE_ALIGN_PX;
      patch += Math.ceil((paddedPx * (y1 - y0) * 1.5) / 64) * 64;
    });
    return first;
  };
  return {
    memory,
    kernels,
    bytes,
    free: Math.ceil(map.heapOffset / 64) * 64,
    scratch: map.workerScratchOffset,
    bitmap({ width, height, rgba }) {
      const bitmap = store.get(
        toPictureContent(
          { contentHash: String(count++), path: '', range: null, part: null, chromaKey: null },
          width,
          height,
        ),
      );
      if (bitmap === null) throw new Error('There is no memory left for this bitmap.');
      bitmap.uses += 1;
      const header = bitmap.offset - BITMAP_HEADER_BYTES;
      bytes.set(rgba, bitmap.offset);
      i32(header + BITMAP_STATE, BITMAP_PAINTED);
      i32(header + BITMAP_OPAQUE, kernels.measureRows(bitmap.offset, width, height));
      return bitmap;
    },
    levels(of) {
      const levels = store.get(levelsOf(of));
      if (levels === null) throw new Error('There is no memory left for these levels.');
      levels.uses += 1;
      const { widthPx: width, heightPx: height } = of.content;
      assert.equal(
        kernels.makeLevels(of.offset, width, height, levels.offset, map.workerScratchOffset),
        1,
      );
      i32(levels.offset - BITMAP_HEADER_BYTES + BITMAP_STATE, BITMAP_PAINTED);
      return levels;
    },
    render(items, background, tiles) {
      const first = writeJob(items, background, tiles);
      bytes.fill(0, frame, frame + map.frameBytes);
      for (const i of tiles.keys()) {
        kernels.renderTile(job, i, map.workerScratchOffset);
        kernels.applyPatch(first + i * TILE_BYTES, frame, widthPx, heightPx);
      }
      return bytes.slice(frame, frame + map.frameBytes);
    },
    renderRgba(items, background, tile) {
      writeJob(items, background, [tile]);
      kernels.renderTile(job, 0, map.workerScratchOffset);
      const size = (tile.x1 - tile.x0) * (tile.y1 - tile.y0) * 4;
      return bytes.slice(map.workerScratchOffset, map.workerScratchOffset + size);
    },
    renderGroup(items, tile) {
      writeJob(items, [0, 0, 0], [tile]);
      kernels.renderTile(job, 0, map.workerScratchOffset);
      const size = (tile.x1 - tile.x0) * (tile.y1 - tile.y0) * 4;
      return bytes.slice(map.workerScratchOffset + size, map.workerScratchOffset + 2 * size);
    },
    record(items) {
      writeJob(items, [0, 0, 0], []);
      return job + JOB_HEADER_BYTES;
    },
    clear() {
      store = createStore();
    },
  };
}

/** Random numbers from a seed (mulberry32), in 0..1. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Noise: opaque, or of every alpha with whole parts of none and all of it. */
export function noise(seed: number, width: number, height: number, isOpaque: boolean): Pixels {
  const random = createRandom(seed);
  const rgba = new Uint8Array(width * height * 4);
  for (let at = 0; at < rgba.length; at += 4) {
    const kind = random();
    const alpha = isOpaque || kind < 0.2 ? 255 : kind < 0.4 ? 0 : Math.floor(random() * 256);
    for (let channel = 0; channel < 3; channel++)
      rgba[at + channel] = Math.floor(random() * (alpha + 1));
    rgba[at + 3] = alpha;
  }
  return { width, height, rgba };
}
