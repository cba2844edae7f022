import { withValue } from '../field-path.js';
import { bounded, boundsOf } from '../number-bounds.js';
import type { Layer } from '../schema/layer.js';
import type { Heard } from '../sound/heard.js';
import { largestSoundValue, soundBindingsOf, soundValue } from '../variables/sound-bindings.js';
import { largerOf } from './moving-layer.js';

/** The fields of a layer that follow the sound of the frame. */
export type HearingFields = {
  readonly moving: readonly string[];
  /** A layer as it is with what is heard. */
  at(layer: Layer, heard: Heard): Layer;
  /** The largest that a number gets; null: it does not follow the sound. */
  largest(property: string): number | null;
};

/** What of a layer follows the sound, by its document; null: nothing. */
export function hearingFieldsOf(document: Layer): HearingFields | null {
  const bindings = soundBindingsOf(document);
  if (bindings.length === 0) return null;
  const fields = bindings.map((binding) => ({
    binding,
    keys: binding.property.split('.'),
    bounds: boundsOf(document, binding.property),
  }));
  return {
    moving: bindings.map(({ property }) => property),
    at: (layer, heard) => {
      const moved = { ...layer };
      for (const { binding, keys, bounds } of fields) {
        const value = soundValue(document, binding, (key) => heard.strip(key));
        if (value === null) continue;
        const [first = '', ...rest] = keys;
        const within = typeof value === 'number' ? bounded(bounds, value) : value;
        const before: unknown = Reflect.get(moved, first);
        Reflect.set(moved, first, rest.length === 0 ? within : withValue(before, rest, within));
      }
      return moved;
    },
    largest: (property) =>
      fields
        .filter(({ binding }) => binding.property === property)
        .reduce<number | null>((largest, { binding, bounds }) => {
          const value = largestSoundValue(document, binding);
          return largerOf(largest, value === null ? null : bounded(bounds, value));
        }, null),
  };
}
