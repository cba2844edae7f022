import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Heap } from '../../src/memory/heap.js';

const [START, BYTES, ALIGN] = [4096, 100_000, 64];
/** Whole blocks that fit. */
const CAPACITY = Math.floor(BYTES / ALIGN) * ALIGN;

type Step = { readonly take: number } | { readonly give: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 20_000 }).map((take) => ({ take })),
    fc.nat(1000).map((give) => ({ give })),
  ),
  { maxLength: 200 },
);

test('blocks never overlap, lie in the heap, are aligned, and all space comes back', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const heap = new Heap(START, BYTES, ALIGN);
      const taken: { start: number; end: number }[] = [];
      for (const step of list) {
        if ('give' in step) {
          const [block] = taken.splice(step.give % Math.max(1, taken.length), 1);
          if (block !== undefined) heap.release(block.start);
        } else {
          const start = heap.allocate(step.take);
          if (start === null) continue;
          const end = start + step.take;
          assert.equal(start % ALIGN, 0);
          assert.ok(start >= START && end <= START + BYTES);
          for (const other of taken) assert.ok(end <= other.start || other.end <= start);
          taken.push({ start, end });
        }
        const used = taken.reduce(
          (sum, { start, end }) => sum + Math.ceil((end - start) / ALIGN) * ALIGN,
          0,
        );
        assert.equal(heap.usedBytes, used);
      }
      for (const { start } of taken) heap.release(start);
      assert.equal(heap.usedBytes, 0);
      assert.equal(heap.allocate(CAPACITY), START, 'all of it in one piece');
    }),
  );
});

test('a block that is not there cannot be given back', () => {
  const heap = new Heap(START, BYTES, ALIGN);
  const start = heap.allocate(100) ?? 0;
  assert.throws(() => {
    heap.release(start + ALIGN);
  }, /no block/);
  heap.release(start);
  assert.throws(() => {
    heap.release(start);
  }, /no block/);
});

test('says when there is no place, and takes nothing then', () => {
  const heap = new Heap(START, BYTES, ALIGN);
  assert.equal(heap.allocate(CAPACITY + 1), null);
  assert.equal(heap.usedBytes, 0);
  assert.equal(heap.allocate(CAPACITY), START);
  assert.equal(heap.allocate(1), null);
});
