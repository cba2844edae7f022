import { rulesOf } from '../../layers/rules.js';
import { kindViewOf } from '../../layers/views.js';
import type { CompiledLayer } from '../../scene/resolve.js';
import type { PictureSource } from '../../scene/snapshot.js';
import type { Size } from '../../scene/layout/box.js';
import { isSameBox, isSamePlace, type Box, type Place } from './place.js';

/** What the items of a layer that stands still depend on, besides the layer. */
export type Shown = {
  readonly place: Place;
  /** Where a layout puts it; null: where it says itself. */
  readonly box: Box | null;
  readonly sceneId: string | null;
  /** The picture that it shows; null: none. */
  readonly source: PictureSource | null;
};

/** What a layer shows by, if it shows the same at all times; null: it does not. */
export function shownOf(
  { layer, moving }: CompiledLayer,
  standing: {
    readonly place: Place;
    /** Where a layout puts it, and the size that is on its way to. */
    readonly box: (Box & { readonly settled: Size | null }) | null;
    readonly context: {
      readonly sceneId: string | null;
      readonly picture: (assetId: string) => PictureSource | null;
    };
  },
): Shown | null {
  const { place, box, context } = standing;
  if (moving.size > 0 || !place.isAtRest || layer.mask?.type === 'layer') return null;
  if (box !== null && box.settled !== null) return null;
  const { dependsOn } = kindViewOf(layer);
  if (dependsOn === 'moment' || dependsOn === 'sound') return null;
  const [asset] = dependsOn === 'picture' ? rulesOf(layer).assets(layer) : [];
  const source = asset === undefined ? null : context.picture(asset);
  if (source?.film !== undefined) return null;
  return { place, box, sceneId: context.sceneId, source };
}

export function isSameShown(a: Shown, b: Shown): boolean {
  return (
    isSamePlace(a.place, b.place) &&
    isSameBox(a.box, b.box) &&
    a.sceneId === b.sceneId &&
    a.source === b.source
  );
}
