import type { Region } from '../scene/region.js';
import { isSameItem, type Item } from './draw-list.js';

/**
 * Adds to `region` whatever differs between two draw lists: where an item was and where it is now, when it came,
 * went, changed, or changed its place among those it kept company with.
 */
export function addDamage(region: Region, before: readonly Item[], after: readonly Item[]): void {
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
    if (place < highest || !isSameItem(old, item)) {
      region.addRect(old.bounds);
      region.addRect(item.bounds);
    }
    highest = Math.max(highest, place);
  }
  for (const place of places.values()) {
    const gone = before[place];
    if (gone !== undefined) region.addRect(gone.bounds);
  }
}
