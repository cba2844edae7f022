import type { MappedRange } from './cmap.js';

/** The code points that a font has glyphs for: sorted pairs of the first and the last of each range. */
export type Coverage = Uint32Array;

export function covers(coverage: Coverage, codePoint: number): boolean {
  let [low, high] = [0, coverage.length / 2 - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (coverage[2 * middle] ?? 0)) high = middle - 1;
    else if (codePoint > (coverage[2 * middle + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}

/** Whether a font has any of the code points from `first` to `last`. */
export function coversAnyOf(coverage: Coverage, first: number, last: number): boolean {
  let [low, high] = [0, coverage.length / 2];
  // The first range that ends at `first` or beyond.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((coverage[2 * middle + 1] ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  return 2 * low < coverage.length && (coverage[2 * low] ?? 0) <= last;
}

/** The characters of ranges, which may overlap. */
export function toCoverage(ranges: readonly MappedRange[]): Coverage {
  const joined: [number, number][] = [];
  for (const { first, last } of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return Uint32Array.from(joined.flat());
}
