import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSharedMemory, mapProgramMemory } from '../../src/memory/map.js';
import { BITMAP_HEADER_BYTES } from '../../src/memory/records.js';
import { BitmapStore, KEPT_BITMAP_BYTES, type Bitmap } from '../../src/compositor/bitmaps.js';
import {
  PLAIN,
  toContent,
  toPictureContent,
  type Content,
  type PictureContent,
} from '../../src/render/content.js';

const memory = createSharedMemory();
const { heapOffset } = mapProgramMemory(1920, 1080);

function contentOf(id: number, widthPx: number, heightPx = widthPx): Content {
  const fill = `rgb(${id % 256} ${id >> 8} 0)`;
  return toContent({ kind: 'rectangle', fill }, PLAIN, { width: widthPx, height: heightPx }, 1);
}

function pictureOf(id: number, widthPx: number): PictureContent {
  const source = { contentHash: `${id}`, path: '', range: null, part: null, chromaKey: null };
  return toPictureContent(source, widthPx, widthPx);
}

function placeOf({ offset, content }: Bitmap): [start: number, end: number] {
  return [offset - BITMAP_HEADER_BYTES, offset + content.widthPx * content.heightPx * 4];
}

test('equal contents have one bitmap, others their own', () => {
  const store = new BitmapStore(memory, heapOffset, 1 << 20, 1 << 20);
  const first = store.get(contentOf(1, 10));
  assert.ok(first !== null);
  assert.equal(store.get(contentOf(1, 10)), first);
  assert.notEqual(store.get(contentOf(2, 10)), first);
  assert.equal(store.find(contentOf(3, 10).key), null);
  assert.equal(store.isPainted(first), false);
});

test('gives up what is painted and not asked for any more, and keeps pictures and what is in use', () => {
  const store = new BitmapStore(memory, heapOffset, 1 << 20, 1 << 20);
  const shown = store.get(contentOf(1, 10));
  const former = store.get(contentOf(2, 10));
  const picture = store.get(pictureOf(3, 10));
  assert.ok(shown !== null && former !== null && picture !== null);
  shown.uses += 1;
  const usedBytes = store.usedBytes;
  store.giveUpUnasked();
  assert.equal(store.usedBytes, usedBytes, 'they were asked for since the store was there');
  store.giveUpUnasked();
  assert.deepEqual(
    [shown, former, picture].map((bitmap) => store.isKept(bitmap)),
    [true, false, true],
  );
  assert.ok(store.usedBytes < usedBytes);
  shown.uses -= 1;
  assert.equal(store.find(shown.content.key), shown);
  store.giveUpUnasked();
  assert.ok(store.isKept(shown), 'it was asked for since the call before');
  store.giveUpUnasked();
  assert.ok(!store.isKept(shown));
});

test('never gives up what is in use, whatever is wanted, and has place for all it can', () => {
  const heapBytes = 256 * 1024;
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ id: fc.nat(40), sidePx: fc.integer({ min: 1, max: 150 }), keep: fc.boolean() }),
        { maxLength: 120 },
      ),
      (wishes) => {
        const store = new BitmapStore(memory, heapOffset, heapBytes, heapBytes);
        const used: Bitmap[] = [];
        for (const { id, sidePx, keep } of wishes) {
          const bitmap = store.get(contentOf(id, sidePx));
          if (bitmap === null) {
            const usedBytes = used.reduce((sum, one) => sum + placeOf(one)[1] - placeOf(one)[0], 0);
            assert.ok(usedBytes > 0 || sidePx * sidePx * 4 + 64 > heapBytes, 'there was place');
            const released = used.shift();
            if (released !== undefined) released.uses -= 1;
            continue;
          }
          const [start, end] = placeOf(bitmap);
          assert.ok(start >= heapOffset - BITMAP_HEADER_BYTES);
          assert.ok(end <= heapOffset - BITMAP_HEADER_BYTES + heapBytes);
          for (const other of used) {
            assert.equal(store.find(other.content.key), other, 'a bitmap in use was given up');
            if (other === bitmap) continue;
            const [otherStart, otherEnd] = placeOf(other);
            assert.ok(end <= otherStart || otherEnd <= start, 'two bitmaps share bytes');
          }
          if (keep && !used.includes(bitmap)) {
            bitmap.uses += 1;
            used.push(bitmap);
          }
        }
        for (const bitmap of used) bitmap.uses -= 1;
        assert.ok(store.get(contentOf(999, 250)) !== null, 'unused bitmaps make way');
      },
    ),
  );
});

test('gives up the longest unused first, and keeps no more than it should', () => {
  const store = new BitmapStore(memory, heapOffset, 400_000_000, 400_000_000);
  const sidePx = 2048;
  const keep = Math.floor(KEPT_BITMAP_BYTES / (sidePx * sidePx * 4 + BITMAP_HEADER_BYTES));
  for (let id = 0; id < keep; id++) store.get(contentOf(id, sidePx));
  assert.ok(store.find(contentOf(0, sidePx).key) !== null);
  // Number 0 has just been looked at, so number 1 is the longest unused.
  store.get(contentOf(keep, sidePx));
  assert.equal(store.find(contentOf(1, sidePx).key), null);
  assert.ok(store.find(contentOf(0, sidePx).key) !== null);
  assert.ok(store.usedBytes <= KEPT_BITMAP_BYTES);
});

test('what is abandoned is made anew, and its place comes back when nobody uses it any more', () => {
  const store = new BitmapStore(memory, heapOffset, 1 << 20, 1 << 20);
  const bitmap = store.get(contentOf(1, 400));
  assert.ok(bitmap !== null);
  bitmap.uses += 1;
  store.abandonAt(bitmap.offset);
  const second = store.get(contentOf(1, 400));
  // Its place is taken as long as it is in use: there is none for a second one of this size.
  assert.equal(second, null);
  bitmap.uses -= 1;
  const third = store.get(contentOf(1, 400));
  assert.ok(third !== null);
  assert.notEqual(third, bitmap);
});

test('what is painted leaves room for pictures, and has it again when it is gone', () => {
  const store = new BitmapStore(memory, heapOffset, 4_000_000, 1_000_000);
  const used: Bitmap[] = [];
  const holdAll = (content: (id: number) => Content | PictureContent): number => {
    for (let id = 0; ; id++) {
      const bitmap = store.get(content(id));
      if (bitmap === null) return id;
      bitmap.uses += 1;
      used.push(bitmap);
    }
  };
  // Each takes 250,000 bytes and its header.
  assert.equal(
    holdAll((id) => contentOf(id, 250)),
    3,
  );
  assert.equal(
    holdAll((id) => pictureOf(id, 250)),
    12,
  );
  const [first] = used;
  assert.ok(first !== undefined);
  first.uses -= 1;
  assert.notEqual(store.get(contentOf(100, 250)), null);
  for (const bitmap of used.slice(1)) bitmap.uses -= 1;
  store.shed(false);
  assert.equal(store.usedBytes, 0);
  assert.equal(
    holdAll((id) => contentOf(200 + id, 250)),
    3,
  );
});
