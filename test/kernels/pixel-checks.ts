import assert from 'node:assert/strict';

/** Fails at the first channel of RGBA, rows of `widthPx`, that is further than `tolerance` from what it should be. */
export function assertWithin(
  found: Uint8Array,
  expected: readonly number[],
  tolerance: number,
  widthPx: number,
): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) => {
    const difference = Math.abs((found[i] ?? -1) - value);
    if (difference <= tolerance) return;
    const pixel = Math.floor(i / 4);
    const place = `(${pixel % widthPx}, ${Math.floor(pixel / widthPx)})`;
    assert.fail(`channel ${i % 4} of ${place} is ${found[i] ?? -1}, not ${value}`);
  });
}
