import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonEnds, heldPlace } from '../../../src/scene/ticker/hold.js';

test('the very end of a text that becomes another one is its end again', () => {
  assert.deepEqual(commonEnds('', 'iws'), { start: '', end: '' });
  const before = { whole: 689, start: 0, end: 0 };
  assert.equal(heldPlace(689, before, { whole: 7578, start: 0, end: 0 }), 7578);
});

test('every place of a text has a place in every other', () => {
  const lengths = [0, 1, 100.5].flatMap((whole) =>
    [0, whole / 2].flatMap((start) =>
      [0, whole - start].map((end) => ({ whole, start, end }) as const),
    ),
  );
  for (const before of lengths)
    for (const after of lengths)
      for (const px of [0, before.start, before.whole - before.end, before.whole, 200])
        assert.ok(
          Number.isFinite(heldPlace(px, before, after)),
          `${px} of ${JSON.stringify(before)} in ${JSON.stringify(after)}`,
        );
});
