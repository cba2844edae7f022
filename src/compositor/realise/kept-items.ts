import { bitmapsOf, entryKeyOf, type KeptItems } from '../faults/layer-entry.js';
import type { Item } from '../items/item.js';
import type { DrawStep, KeptStep, LayerStep } from '../lower/draw-list.js';
import { nameAt } from '../lower/place.js';
import { isSameShown, type Shown } from '../lower/shown.js';
import type { CompiledLayer } from '../../scene/resolve.js';

/** What a layer shows again, and what that depends on besides the layer. */
type Known = { readonly step: KeptStep; readonly shown: Shown };

/** Places of one layer that are kept: as many as a scene can be shown at. */
const KEPT_PLACES = 512;

/**
 * Items of layers that stand still. Most layers of most frames do: drawing them again would come to the same items,
 * at some microseconds each.
 */
export class ItemKeeper {
  /** By the name of the place: a scene that is shown many times has each layer at many places. */
  readonly #known = new WeakMap<CompiledLayer, Map<string, Known>>();

  /** What a layer showed; null when it was not kept, or something differs that it depends on. */
  find(compiled: CompiledLayer, shown: Shown): KeptStep | null {
    const known = this.#known.get(compiled)?.get(nameAt(shown.place, ''));
    return known !== undefined && isSameShown(known.shown, shown) ? known.step : null;
  }

  /** Keeps what a layer shows, if it shows the same at all times. */
  keep(step: LayerStep, items: readonly Item[]): void {
    const { compiled, shown } = step;
    if (shown === null) return;
    const name = nameAt(shown.place, '');
    const places = this.#known.get(compiled) ?? new Map<string, Known>();
    this.#known.set(compiled, places);
    // The one kept last stands last: what goes first is what has not been shown for the longest.
    places.delete(name);
    const kept = { key: entryKeyOf(step), items, bitmaps: bitmapsOf(items) };
    const repeated: KeptStep = {
      ...step,
      result: { kind: 'kept', kept },
      isOnTrial: false,
      isSeen: true,
      lacksPicture: false,
      size: null,
      ownMs: 0,
      standIn: null,
    };
    places.set(name, { step: repeated, shown });
    const [oldest] = places.keys();
    if (places.size > KEPT_PLACES && oldest !== undefined) places.delete(oldest);
  }
}

/** What layers show again, wherever in a draw list they are. */
export function keptIn(steps: readonly DrawStep[]): readonly KeptItems[] {
  const found: KeptItems[] = [];
  const walk = (some: readonly DrawStep[]): void => {
    for (const step of some) {
      if (step.kind === 'composed' || step.kind === 'buffer') walk(step.inner);
      if (step.kind === 'buffer')
        for (const effect of step.effects) if (effect.kind === 'mask') walk(effect.inner);
      if (step.kind !== 'layer') continue;
      if (step.result.kind === 'kept') found.push(step.result.kept);
      if (step.result.kind === 'drawn') walk(step.result.steps);
      if (step.standIn !== null) walk(step.standIn);
    }
  };
  walk(steps);
  return found;
}
