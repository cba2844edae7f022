import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bitmapBudgetBytes,
  DEFAULT_MEMORY_LIMIT_BYTES,
  paintedBudgetBytes,
} from '../../src/memory/budget.js';
import { createSharedMemory, mapProgramMemory } from '../../src/memory/map.js';
import { BitmapStore } from '../../src/compositor/bitmaps.js';
import { toPictureContent } from '../../src/render/content.js';

test('thirty pictures of full size, or a long film, are shown at once by default', () => {
  const budget = bitmapBudgetBytes(DEFAULT_MEMORY_LIMIT_BYTES);
  const { heapOffset, heapBytes } = mapProgramMemory(1920, 1080);
  const memory = createSharedMemory();
  const painted = paintedBudgetBytes(budget);
  const store = new BitmapStore(memory, heapOffset, Math.min(heapBytes, budget), painted);
  for (let id = 0; id < 30; id++) {
    const source = { contentHash: `${id}`, path: '', range: null, part: null, chromaKey: null };
    const bitmap = store.get(toPictureContent(source, 1920, 1080));
    assert.ok(bitmap !== null, `number ${id}`);
    bitmap.uses += 1;
  }
});
