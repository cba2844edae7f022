import type { TickerItem } from '../schema/ticker-item.js';
import { extentKey } from './extents.js';

/**
 * Where the items of a list are in the one that takes its place; null: not there. An item is the same by its id, and one
 * without an id by what it says, or by its place in a list of equal length: then its text has been changed.
 */
export function sameItems(
  before: readonly TickerItem[],
  after: readonly TickerItem[],
): (number | null)[] {
  const taken = new Set<number>();
  const take = (index: number): number | null => {
    if (index < 0 || taken.has(index)) return null;
    taken.add(index);
    return index;
  };
  const isOf = (item: TickerItem, key: string): boolean =>
    item.id === undefined && extentKey(item) === key;
  const found = before.map((item, i): number | null => {
    if (item.id !== undefined) return take(after.findIndex(({ id }) => id === item.id));
    const key = extentKey(item);
    const own = after[i];
    if (own !== undefined && isOf(own, key)) return take(i);
    return take(after.findIndex((other, k) => !taken.has(k) && isOf(other, key)));
  });
  if (before.length !== after.length) return found;
  return found.map((index, i) => {
    const isUnnamed = before[i]?.id === undefined && after[i]?.id === undefined;
    return index ?? (isUnnamed ? take(i) : null);
  });
}

/** Whose turn is next in a list that takes the place of another: what follows the latest that has had its turn. */
export function nextAfter(same: readonly (number | null)[], next: number): number {
  const latest = same.slice(0, next).findLast((index) => index !== null);
  return (latest ?? -1) + 1;
}
