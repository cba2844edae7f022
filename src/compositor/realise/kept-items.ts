import { bitmapsOf, entryKeyOf, type KeptItems } from '../faults/layer-entry.js';
import type { Item } from '../items/item.js';
import type { LayerStep } from '../lower/draw-list.js';
import { isSameShown, type Shown } from '../lower/shown.js';
import type { CompiledLayer } from '../../scene/resolve.js';

/** The same with all that it depends on besides the layer. */
type Known = KeptItems & { readonly shown: Shown };

/** Places of one layer that are kept: as many as a scene can be shown at. */
const KEPT_PLACES = 512;

/**
 * Items of layers that stand still. Most layers of most frames do: drawing them again would come to the same items,
 * at some microseconds each.
 */
export class ItemKeeper {
  /** By the place's prefix: a scene that is shown many times has each layer at many places. */
  readonly #known = new WeakMap<CompiledLayer, Map<string, Known>>();

  /** What a layer showed; null when it was not kept, or something differs that it depends on. */
  find(compiled: CompiledLayer, shown: Shown): KeptItems | null {
    const known = this.#known.get(compiled)?.get(shown.place.prefix);
    return known !== undefined && isSameShown(known.shown, shown) ? known : null;
  }

  /** Keeps what a layer shows, if it shows the same at all times. */
  keep({ name, sceneId, compiled, shown }: LayerStep, items: readonly Item[]): void {
    if (shown === null) return;
    const { prefix } = shown.place;
    const places = this.#known.get(compiled) ?? new Map<string, Known>();
    this.#known.set(compiled, places);
    // The one kept last stands last: what goes first is what has not been shown for the longest.
    places.delete(prefix);
    places.set(prefix, { key: entryKeyOf(sceneId, name), items, bitmaps: bitmapsOf(items), shown });
    const [oldest] = places.keys();
    if (places.size > KEPT_PLACES && oldest !== undefined) places.delete(oldest);
  }
}
