import { rulesOf } from '../../layers/rules.js';
import { kindViewOf } from '../../layers/views.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { PictureSource } from '../../scene/snapshot.js';
import { bitmapsOf, entryKeyOf, type KeptItems } from '../faults/layer-entry.js';
import type { ItemContext } from './context.js';
import type { Item } from './item.js';
import { isSameBox, isSamePlace, type Box, type Place } from './place.js';

/** The same with all that it depends on besides the layer. */
type Known = KeptItems & {
  readonly place: Place;
  readonly box: Box | null;
  readonly sceneId: string | null;
  readonly source: PictureSource | null;
};

/** Places of one layer that are kept: as many as a scene can be shown at. */
const KEPT_PLACES = 512;

/** The picture that a layer shows; null when it shows none. */
function sourceOf({ layer }: CompiledLayer, context: ItemContext): PictureSource | null {
  if (kindViewOf(layer).dependsOn !== 'picture') return null;
  const [asset] = rulesOf(layer).assets(layer);
  return asset === undefined ? null : context.picture(asset);
}

/**
 * Items of layers that stand still. Most layers of most frames do: drawing them again would come to the same items,
 * at some microseconds each.
 */
export class ItemKeeper {
  /** By the place's prefix: a scene that is shown many times has each layer at many places. */
  readonly #known = new WeakMap<CompiledLayer, Map<string, Known>>();

  /** What a layer showed; null when it was not kept, or something differs that it depends on. */
  find(
    compiled: CompiledLayer,
    place: Place,
    box: Box | null,
    context: ItemContext,
  ): KeptItems | null {
    const known = this.#known.get(compiled)?.get(place.prefix);
    if (known === undefined) return null;
    const isSame =
      isSamePlace(known.place, place) &&
      isSameBox(known.box, box) &&
      known.sceneId === context.sceneId &&
      known.source === sourceOf(compiled, context);
    return isSame ? known : null;
  }

  /** Keeps what a layer shows, if it shows the same at all times. */
  keep(
    compiled: CompiledLayer,
    place: Place,
    box: Box | null,
    context: ItemContext,
    items: Item[],
  ): void {
    const { layer } = compiled;
    if (compiled.moving.size > 0 || !place.isAtRest || layer.mask?.type === 'layer') return;
    const source = sourceOf(compiled, context);
    if (kindViewOf(layer).dependsOn === 'moment' || source?.film !== undefined) return;
    const { sceneId } = context;
    const key = entryKeyOf(sceneId, `${place.prefix}${layer.id}`);
    const bitmaps = bitmapsOf(items);
    const places = this.#known.get(compiled) ?? new Map<string, Known>();
    this.#known.set(compiled, places);
    // The one kept last stands last: what goes first is what has not been shown for the longest.
    places.delete(place.prefix);
    places.set(place.prefix, { key, items, bitmaps, place, box, sceneId, source });
    const [oldest] = places.keys();
    if (places.size > KEPT_PLACES && oldest !== undefined) places.delete(oldest);
  }
}
