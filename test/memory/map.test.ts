import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FRAME_POOL_OFFSET,
  createSharedMemory,
  FRAME_SLOTS,
  JOB_SLOTS,
  mapProgramMemory,
  MAX_RENDER_WORKERS,
  MEMORY_BYTES,
  PREVIEW_SCRATCH_BYTES,
  PREVIEW_SCRATCH_OFFSET,
} from '../../src/memory/map.js';
import {
  BITMAP_HEADER_BYTES,
  ITEM_BYTES,
  JOB_HEADER_BYTES,
  WORKER_ROW_BYTES,
  WORKER_SCRATCH_BYTES,
  MAX_ITEMS,
  MAX_TILES,
  TILE_BYTES,
  TILE_MAX_PX,
  TILE_MAX_WIDTH_PX,
} from '../../src/memory/records.js';
import { MAX_BITMAP_PX } from '../../src/render/content.js';
import { Region, toTiles } from '../../src/memory/region.js';

type Section = { readonly name: string; readonly start: number; readonly end: number };

/** Largest place a word of the board can be at: more than it has. */
const BOARD_BYTES = 4096;

function sectionsOf(widthPx: number, heightPx: number): Section[] {
  const map = mapProgramMemory(widthPx, heightPx);
  const sections: Section[] = [];
  const add = (name: string, start: number, bytes: number): void => {
    sections.push({ name, start, end: start + bytes });
  };
  add('kernels', 0, FRAME_POOL_OFFSET);
  add('board', FRAME_POOL_OFFSET, BOARD_BYTES);
  add('preview', PREVIEW_SCRATCH_OFFSET, PREVIEW_SCRATCH_BYTES);
  const jobBytes = JOB_HEADER_BYTES + MAX_ITEMS * ITEM_BYTES + MAX_TILES * TILE_BYTES;
  for (const offset of map.jobOffsets) add('job', offset, jobBytes);
  add('lanes', map.workerScratchOffset, JOB_SLOTS * MAX_RENDER_WORKERS * WORKER_SCRATCH_BYTES);
  add('apart', map.backgroundScratchOffset, WORKER_SCRATCH_BYTES);
  for (const offset of map.frameOffsets) add('frame', offset, map.frameBytes);
  for (const offset of map.arenaOffsets) add('arena', offset, map.arenaBytes);
  add('heap', map.heapOffset - BITMAP_HEADER_BYTES, map.heapBytes);
  return sections;
}

const SIZES = [
  [128, 128],
  [130, 4096],
  [854, 480],
  [1080, 1920],
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
  [4096, 128],
  [4096, 4096],
] as const;

for (const [widthPx, heightPx] of SIZES) {
  test(`sections do not overlap and fit into the memory at ${widthPx}x${heightPx}`, () => {
    const sections = sectionsOf(widthPx, heightPx).sort((a, b) => a.start - b.start);
    for (const [i, section] of sections.entries()) {
      const next = sections[i + 1];
      assert.equal(section.start % 64, 0, `${section.name} is not aligned`);
      assert.ok(section.start < section.end);
      if (next !== undefined)
        assert.ok(section.end <= next.start, `${section.name} reaches into ${next.name}`);
    }
    assert.ok((sections.at(-1)?.end ?? Infinity) <= MEMORY_BYTES);
    const map = mapProgramMemory(widthPx, heightPx);
    assert.equal(map.frameBytes, widthPx * heightPx * 1.5);
    assert.equal(map.jobOffsets.length, JOB_SLOTS);
    assert.equal(map.arenaOffsets.length, JOB_SLOTS);
    assert.equal(map.frameOffsets.length, FRAME_SLOTS);
    // The largest picture there can be, of a layer that fills the program, and some more.
    assert.ok(map.heapBytes >= 128 << 20, `${map.heapBytes} bytes are left for pictures`);
  });

  test(`the patches of a whole frame fit into an arena at ${widthPx}x${heightPx}`, () => {
    const region = new Region(widthPx, heightPx);
    region.addAll();
    const tiles = toTiles(region.toRects(), TILE_MAX_PX, TILE_MAX_WIDTH_PX);
    const bytes = tiles.reduce((sum, { x0, y0, x1, y1 }) => {
      const paddedPx = Math.ceil((x1 - x0) / 16) * 16;
      return sum + Math.ceil((paddedPx * (y1 - y0) * 1.5) / 64) * 64;
    }, 0);
    assert.ok(tiles.length <= MAX_TILES);
    assert.ok(bytes <= mapProgramMemory(widthPx, heightPx).arenaBytes);
  });
}

test('the kernels and the threads agree on the size of the memory', () => {
  assert.equal(createSharedMemory().buffer.byteLength, MEMORY_BYTES);
  assert.ok(createSharedMemory().buffer instanceof SharedArrayBuffer);
});

test('a lane has place for its tile and three rows of the widest bitmap', () => {
  assert.ok(WORKER_SCRATCH_BYTES >= TILE_MAX_PX * 4 + 3 * WORKER_ROW_BYTES);
  assert.ok(WORKER_ROW_BYTES >= (MAX_BITMAP_PX + 8) * 4);
});
