/**
 * The way of one frame, phase "damage", in the compositor thread: what differs from the items of the frame before. Pure, owns
 * nothing.
 */

import type { Region } from '../memory/region.js';
import { isSameItem, type Item } from './items/item.js';

/**
 * Adds to `region` whatever differs between two draw lists: where an item was and where it is now, when it came,
 * went, changed, or changed its place among those it kept company with.
 */
export function addDamage(region: Region, before: readonly Item[], after: readonly Item[]): void {
  if (haveSameNames(before, after)) {
    for (let i = 0; i < before.length; i++) {
      const [old, item] = [before[i], after[i]];
      if (old !== undefined && item !== undefined) addChange(region, old, item);
    }
    return;
  }
  const places = new Map(before.map((item, index) => [item.name, index]));
  let highest = -1;
  for (const item of after) {
    const place = places.get(item.name);
    const old = place === undefined ? undefined : before[place];
    if (place === undefined || old === undefined) {
      region.addRect(item.bounds);
      continue;
    }
    places.delete(item.name);
    // Of two items that changed places, one comes after an item that it was below of: it is enough to redraw that one.
    if (place < highest) addBoth(region, old, item);
    else addChange(region, old, item);
    highest = Math.max(highest, place);
  }
  for (const place of places.values()) {
    const gone = before[place];
    if (gone !== undefined) region.addRect(gone.bounds);
  }
}

function haveSameNames(before: readonly Item[], after: readonly Item[]): boolean {
  if (before.length !== after.length) return false;
  for (let i = 0; i < before.length; i++)
    if (before[i] !== after[i] && before[i]?.name !== after[i]?.name) return false;
  return true;
}

function addBoth(region: Region, old: Item, item: Item): void {
  region.addRect(old.bounds);
  region.addRect(item.bounds);
}

function addChange(region: Region, old: Item, item: Item): void {
  if (!isSameItem(old, item)) addBoth(region, old, item);
}
