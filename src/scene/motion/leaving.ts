import { SCENE_LIMITS as LIMITS } from '../limits.js';
import type { Layer } from '../schema/layer.js';
import { idsIn, type Place } from './places.js';
import { leavingFrom, stackedWith } from './stack.js';
import type { Leaving } from './stage.js';
import { appearanceMs } from './appearance-length.js';

/** A change as far as layers come and go by it. */
export type Departure = {
  readonly before: ReadonlyMap<string, Place>;
  readonly after: ReadonlyMap<string, Place>;
  /** The outermost stack before. */
  readonly layers: readonly Layer[];
  /** Those that were leaving already. */
  readonly leaving: readonly Leaving[];
  readonly atMs: number;
  /** What of a layer's past is seen as it goes. */
  readonly pastOf: (id: string) => Pick<Leaving, 'former' | 'enteredAtMs'>;
};

/** The moment from which a layer that leaves is gone. */
export function goneAtMsOf({ layer, startMs }: Pick<Leaving, 'layer' | 'startMs'>): number {
  return layer.exit === null ? startMs : startMs + appearanceMs(layer.exit);
}

/** Whether a layer goes by itself: one whose group goes with it, goes with that. */
function departs(place: Place, { after }: Departure): boolean {
  const next = after.get(place.layer.id);
  if (!place.isDrawn || place.layer.exit === null || next?.isDrawn === true) return false;
  return place.group === null || after.get(place.group.id)?.isDrawn === true;
}

/** Those of one stack, each above what it stood on, from the bottom up. */
function leavingStack(
  groupId: string | null,
  layers: readonly Layer[],
  change: Departure,
): Leaving[] {
  const { before, after, atMs, pastOf } = change;
  const gone: Leaving[] = [];
  let belowId: string | null = null;
  for (const { id, leaving } of stackedWith(layers, leavingFrom(change.leaving, groupId))) {
    if (leaving !== null) {
      gone.push({ ...leaving, aboveId: belowId });
      belowId = id;
      continue;
    }
    const place = before.get(id);
    const next = after.get(id);
    // One that is hidden is still there, and is drawn right above itself.
    if (next !== undefined && (next.group?.id ?? null) === groupId) belowId = id;
    if (place === undefined || !departs(place, change)) continue;
    const { layer, group } = place;
    gone.push({ layer, group, aboveId: belowId, startMs: atMs, ...pastOf(id) });
    belowId = id;
  }
  return gone;
}

/** The layers that are leaving after a change, each stack from the bottom up. */
export function leavingAfter(change: Departure): Leaving[] {
  const { before, after, layers, atMs } = change;
  const groups = [...before.values()].flatMap(({ layer }) =>
    layer.type === 'group' ? [layer] : [],
  );
  const drawn = new Set([...after].flatMap(([id, { isDrawn }]) => (isDrawn ? [id] : [])));
  const all = [
    ...leavingStack(null, layers, change),
    ...groups.flatMap((group) => leavingStack(group.id, group.layers, change)),
  ];
  // What is put in again is there, and not on its way out as well.
  const kept = all.filter(
    (one) => goneAtMsOf(one) > atMs && !idsIn(one.layer).some((id) => drawn.has(id)),
  );
  const inside = new Set(kept.flatMap(({ layer }) => idsIn(layer)));
  return kept
    .filter(({ group }) => group === null || drawn.has(group.id) || inside.has(group.id))
    .slice(-LIMITS.layersPerScene);
}
