import { isDeepStrictEqual } from 'node:util';
import { valueAt } from '../field-path.js';
import type { GroupLayer, Layer } from '../schema/layer.js';
import type { Scene } from '../schema/scene.js';
import type { Transition } from '../schema/transition.js';
import { toAnimated } from './animated-layer.js';
import { enteredAtMsOf } from './entries.js';
import { formerOf, pruned, withChanges } from './formers.js';
import { leavingAfter } from './leaving.js';
import { differingPaths, haveMixedItems, toVersioned } from './mixed-layer.js';
import { idsIn, placesOf, type Place } from './places.js';
import { EMPTY_STAGE, type Former, type Passage, type Stage } from './stage.js';
import type { TickerAnchor } from '../ticker/anchor.js';
import { appearanceMs } from './appearance-length.js';

/** A change of a scene. */
export type SceneChange = {
  readonly before: Scene;
  readonly after: Scene;
  /** Program time at which it is made, milliseconds since 1970. */
  readonly atMs: number;
  /** How values get to where they are put; null: at once. */
  readonly transition: Transition | null;
  /** Program time at which scene time is 0, milliseconds since 1970. */
  readonly takenAtMs: number;
};

/** A change with what is needed of it at every turn. */
type Work = SceneChange & {
  readonly stage: Stage;
  readonly places: { readonly before: Map<string, Place>; readonly after: Map<string, Place> };
};

function passageOf({ durationMs, easing, delayMs }: Transition, atMs: number): Passage | null {
  return durationMs + delayMs === 0 ? null : { startMs: atMs + delayMs, durationMs, easing };
}

function entriesOf<T>(entries: readonly (readonly [string, T | null])[]): Record<string, T> {
  return Object.fromEntries(
    entries.flatMap(([id, value]) => (value === null ? [] : [[id, value] as const])),
  );
}

/** Whether a mix of two versions of a layer differs from the later one at any time. */
function isOnTheWay(before: Layer, after: Layer): boolean {
  if (differingPaths(before, after).length > 0 || haveMixedItems(before, after)) return true;
  if (isDeepStrictEqual(before.animations, after.animations)) return false;
  return toAnimated(before).moving.size + toAnimated(after).moving.size > 0;
}

/** What a layer comes from after a change. */
function formerAfter(id: string, now: Place, work: Work): Former<Layer> | null {
  const { atMs, transition, takenAtMs } = work;
  const then = work.places.before.get(id);
  const isStill = then?.isDrawn === true && then.group?.id === now.group?.id && now.isDrawn;
  if (!isStill) return null;
  const before = pruned(work.stage.layers[id] ?? null, atMs);
  if (then.layer === now.layer || isDeepStrictEqual(then.own, now.own)) return before;
  const passage = transition === null ? null : passageOf(transition, atMs);
  if (passage === null || !isOnTheWay(then.own, now.own))
    return before === null ? null : withChanges(before, then.own, now.own);
  return formerOf({ ...passage, was: then.own, from: before }, ({ was, from }) => ({
    ...toVersioned(was, from).at(atMs - takenAtMs, atMs),
    animations: [],
  }));
}

/** Whether a group puts its layers where its layout wants them. */
function isLaidOut(group: GroupLayer): boolean {
  return (valueAt(group, 'layout.type') ?? 'absolute') !== 'absolute';
}

function formerGroupAfter(id: string, now: Place, work: Work): Former<GroupLayer> | null {
  const { atMs } = work;
  const then = work.places.before.get(id);
  if (then?.isDrawn !== true || !now.isDrawn) return null;
  if (then.layer.type !== 'group' || now.layer.type !== 'group') return null;
  const before = pruned(work.stage.groups[id] ?? null, atMs);
  const transition = work.transition ?? now.layer.layoutTransition;
  const isSame = then.layer === now.layer || isDeepStrictEqual(then.layer, now.layer);
  if (isSame || transition === null || !(isLaidOut(then.layer) || isLaidOut(now.layer)))
    return before;
  const passage = passageOf(transition, atMs);
  return passage === null
    ? null
    : formerOf({ ...passage, was: then.layer, from: before }, ({ was }) => was);
}

/** When a layer was created or became visible, as long as its entry is seen. */
function enteredAfter(id: string, { layer, isDrawn }: Place, work: Work): number | null {
  const { atMs, stage, places } = work;
  const { enter } = layer;
  if (enter === null || !isDrawn) return null;
  const then = places.before.get(id);
  if (then?.isDrawn !== true)
    return enter.on.includes(then === undefined ? 'create' : 'show') ? atMs : null;
  const known = stage.entered[id];
  return known === undefined || known + appearanceMs(enter) <= atMs ? null : known;
}

/** Where a ticker was when it was changed last: whoever measures text says it anew. */
function anchorOf(id: string, { layer }: Place, { stage }: Work): TickerAnchor | null {
  return layer.type === 'ticker' ? (stage.tickers[id] ?? null) : null;
}

function backgroundAfter({ before, after, atMs, transition, stage }: Work): Former<string> | null {
  const former = pruned(stage.background, atMs);
  if (before.background === after.background) return former;
  const passage = transition === null ? null : passageOf(transition, atMs);
  if (passage === null) return null;
  return formerOf({ ...passage, was: before.background, from: former }, ({ was }) => was);
}

/**
 * What of a scene's past is seen after a change of it. What is seen at the moment of the change does not change by
 * it, but for what is put elsewhere without a transition, or has no values in between.
 */
export function restage(stage: Stage, change: SceneChange): Stage {
  const { before, after, atMs } = change;
  const places = { before: placesOf(before.layers), after: placesOf(after.layers) };
  const work: Work = { ...change, stage, places };
  const each = <T>(what: (id: string, place: Place, work: Work) => T | null): Record<string, T> =>
    entriesOf([...places.after].map(([id, place]) => [id, what(id, place, work)] as const));
  const enteredAtMsIn = (id: string): number | null => {
    const layer = places.before.get(id)?.layer;
    return layer === undefined ? null : enteredAtMsOf(layer, stage, change.takenAtMs);
  };
  const leaving = leavingAfter({
    before: places.before,
    after: places.after,
    layers: before.layers,
    leaving: stage.leaving,
    atMs,
    pastOf: (id) => ({
      former: pruned(stage.layers[id] ?? null, atMs),
      enteredAtMs: enteredAtMsIn(id),
    }),
  });
  // What is in a group that leaves goes on moving in it.
  const leavingIds = leaving.flatMap(({ layer }) => idsIn(layer));
  const goingOn = <T>(known: Readonly<Record<string, T>>): Record<string, T> =>
    entriesOf(leavingIds.map((id) => [id, known[id] ?? null] as const));
  return {
    layers: { ...goingOn(stage.layers), ...each(formerAfter) },
    groups: { ...goingOn(stage.groups), ...each(formerGroupAfter) },
    background: backgroundAfter(work),
    entered: { ...goingOn(stage.entered), ...each(enteredAfter) },
    leaving,
    tickers: { ...goingOn(stage.tickers), ...each(anchorOf) },
  };
}

/** Whether nothing of a scene's past is seen. */
export function isEmptyStage(stage: Stage): boolean {
  return isDeepStrictEqual(stage, EMPTY_STAGE);
}
