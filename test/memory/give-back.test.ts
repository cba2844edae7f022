import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { giveBackPages } from '../../src/memory/give-back.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { BitmapStore, type Bitmap } from '../../src/compositor/bitmaps.js';
import { PLAIN, toContent } from '../../src/render/content.js';

const MIB = 1024 ** 2;
const HEAP = { start: 64 * MIB, bytes: 256 * MIB } as const;
const SIDE_PX = 1024;
const BITMAP_BYTES = 4 * SIDE_PX * SIDE_PX;
const COUNT = 50;

/** What the system holds for the memory of this process alone, bytes. */
function anonymousBytes(): number {
  const text = readFileSync('/proc/self/status', 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(text)?.[1]) * 1024;
}

test('memory that no bitmap is in any more goes back to the system, and what is shown stays', (t) => {
  if (process.platform !== 'linux') {
    t.skip('only Linux gives pages back');
    return;
  }
  const memory = createSharedMemory();
  const bytes = new Uint8Array(memory.buffer);
  const store = new BitmapStore(memory, HEAP.start, HEAP.bytes, HEAP.bytes);
  const add = (i: number): Bitmap => {
    const drawing = { kind: 'rectangle', fill: `rgb(${i} 0 0)` } as const;
    const bitmap = store.get(toContent(drawing, PLAIN, { width: SIDE_PX, height: SIDE_PX }, 1));
    assert.ok(bitmap !== null);
    bitmap.uses += 1;
    bytes.fill(i + 1, bitmap.offset, bitmap.offset + BITMAP_BYTES);
    return bitmap;
  };
  const beforeBytes = anonymousBytes();
  const bitmaps = Array.from({ length: COUNT }, (_, i) => add(i));
  const fullBytes = anonymousBytes();
  assert.ok(fullBytes - beforeBytes > 0.9 * COUNT * BITMAP_BYTES);

  // Every tenth is still shown.
  const isShown = (i: number): boolean => i % 10 === 0;
  for (const [i, bitmap] of bitmaps.entries()) if (!isShown(i)) bitmap.uses -= 1;
  store.shed(false);
  let givenBack = 0;
  for (let more = -1; more !== 0; givenBack += more) more = store.giveBack(giveBackPages);
  const shownBytes = bitmaps.filter((_, i) => isShown(i)).length * BITMAP_BYTES;
  // Besides a spare part, and what lies beside blocks that are taken.
  assert.ok(givenBack > 0.6 * COUNT * BITMAP_BYTES, `${givenBack} bytes`);
  const keptBytes = anonymousBytes() - beforeBytes;
  assert.ok(keptBytes < shownBytes + 64 * MIB, `${Math.round(keptBytes / 1e6)} MB are kept`);

  for (const [i, { offset }] of bitmaps.entries()) {
    if (!isShown(i)) continue;
    const pixels = bytes.subarray(offset, offset + BITMAP_BYTES);
    assert.ok(
      pixels.every((value) => value === i + 1),
      `bitmap ${i} is as it was`,
    );
  }
  // What was given back can be taken again.
  const again = add(200);
  assert.equal(bytes[again.offset + BITMAP_BYTES - 1], 201);
  assert.equal(store.giveBack(giveBackPages), 0, 'nothing has become free since');
});
