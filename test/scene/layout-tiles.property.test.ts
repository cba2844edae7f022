import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layOut } from '../../src/scene/layout/lay-out.js';
import type { LayoutResult } from '../../src/scene/layout/layout-child.js';
import { LayoutSchema, SlotSchema } from '../../src/scene/schema/layout.js';

const EPSILON_PX = 1e-6;
const cases = fc.record({
  count: fc.integer({ min: 1, max: 30 }),
  width: fc.integer({ min: 40, max: 2000 }),
  height: fc.integer({ min: 40, max: 2000 }),
  gap: fc.integer({ min: 0, max: 30 }),
  padding: fc.integer({ min: 0, max: 15 }),
  aspectRatio: fc.constantFrom(16 / 9, 4 / 3, 1, 9 / 16),
  justify: fc.constantFrom('start', 'center', 'end'),
  align: fc.constantFrom('start', 'center', 'end'),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function place({ count, width, height, ...layout }: Case): LayoutResult {
  return layOut(
    LayoutSchema.parse({ type: 'tiles', ...layout }),
    { width, height, isHeightDefinite: true },
    Array.from({ length: count }, () => ({
      slot: SlotSchema.parse({}),
      leastSize: { width: 0, height: 0 },
      offset: { x: 0, y: 0 },
      measure: () => ({ width: 10, height: 10 }),
    })),
  );
}

/** Width of the largest tile that any number of columns allows. */
function largestWidth({ count, width, height, gap, padding, aspectRatio }: Case): number {
  let best = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const widthPx = (width - 2 * padding - gap * (columns - 1)) / columns;
    const heightPx = (height - 2 * padding - gap * (rows - 1)) / rows;
    best = Math.max(best, Math.min(widthPx, heightPx * aspectRatio));
  }
  return best;
}

test('tiles are inside the group, apart from each other, of one size and shape, and as large as can be', () => {
  fc.assert(
    fc.property(cases, (example) => {
      const { boxes, width, height } = place(example);
      const { padding, gap, aspectRatio } = example;
      assert.deepEqual([width, height], [example.width, example.height]);
      const largest = largestWidth(example);
      for (const [i, box] of boxes.entries()) {
        assert.ok(Math.abs(box.width - largest) < EPSILON_PX);
        assert.ok(Math.abs(box.width - box.height * aspectRatio) < EPSILON_PX);
        if (largest === 0) continue;
        assert.ok(box.x >= padding - EPSILON_PX && box.y >= padding - EPSILON_PX);
        assert.ok(box.x + box.width <= width - padding + EPSILON_PX);
        assert.ok(box.y + box.height <= height - padding + EPSILON_PX);
        for (const other of boxes.slice(i + 1)) {
          const isBeside =
            other.x >= box.x + box.width + gap - EPSILON_PX ||
            box.x >= other.x + other.width + gap - EPSILON_PX;
          const isBelow = other.y >= box.y + box.height + gap - EPSILON_PX;
          assert.ok(isBeside || isBelow);
        }
      }
    }),
    { numRuns: 300 },
  );
});
