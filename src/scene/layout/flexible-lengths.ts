import { clamp } from './box.js';

/** One item of a flex line, by its sizes along the line. */
export type FlexibleItem = {
  /** Size before it grows or shrinks. */
  readonly basePx: number;
  /** Part of its size that its padding takes and that cannot shrink. */
  readonly leastPx: number;
  readonly minPx: number;
  readonly maxPx: number;
  readonly grow: number;
  readonly shrink: number;
};

/** Size of an item that neither grows nor shrinks: CSS's hypothetical main size. */
export function hypotheticalPx(item: FlexibleItem): number {
  return clamp(item.basePx, item.minPx, item.maxPx);
}

/**
 * Sizes of the items of one line that has `roomPx` for them, by
 * https://www.w3.org/TR/css-flexbox-1/#resolve-flexible-lengths. For what Yoga does
 * instead see `layOutFlex`.
 */
export function resolveFlexibleLengths(items: readonly FlexibleItem[], roomPx: number): number[] {
  const sizes = items.map(hypotheticalPx);
  const isGrowing = sum(sizes) < roomPx;
  let open: OpenItem[] = [];
  for (const [index, item] of items.entries()) {
    const factor = isGrowing ? item.grow : item.shrink;
    const hypothetical = sizes[index] ?? 0;
    const isPastIt = isGrowing ? item.basePx > hypothetical : item.basePx < hypothetical;
    const weight = isGrowing ? item.grow : item.shrink * (item.basePx - item.leastPx);
    if (factor > 0 && !isPastIt) open.push({ index, item, factor, weight });
  }
  let initialFreePx: number | null = null;
  while (open.length > 0) {
    const openSizes = open.map(({ index }) => sizes[index] ?? 0);
    const takenPx = sum(sizes) - sum(openSizes) + sum(open.map(({ item }) => item.basePx));
    const freePx = roomPx - takenPx;
    initialFreePx ??= freePx;
    const factors = sum(open.map(({ factor }) => factor));
    const weights = sum(open.map(({ weight }) => weight));
    const isPartial = factors < 1 && Math.abs(initialFreePx * factors) < Math.abs(freePx);
    const givenPx = isPartial ? initialFreePx * factors : freePx;
    const violations: number[] = [];
    for (const { index, item, weight } of open) {
      const wished = item.basePx + (weights === 0 ? 0 : (givenPx * weight) / weights);
      const size = clamp(wished, item.minPx, item.maxPx);
      sizes[index] = size;
      violations.push(size - wished);
    }
    const total = sum(violations);
    if (total === 0) break;
    open = open.filter((_, i) => {
      const violation = violations[i] ?? 0;
      return total > 0 ? violation <= 0 : violation >= 0;
    });
  }
  return sizes;
}

type OpenItem = {
  readonly index: number;
  readonly item: FlexibleItem;
  /** Its grow or shrink. */
  readonly factor: number;
  /** Its part in what is given out or taken back. */
  readonly weight: number;
};

/** The sum of some numbers. */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
