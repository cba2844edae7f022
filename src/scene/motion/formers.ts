import { isDeepStrictEqual } from 'node:util';
import { SCENE_LIMITS as LIMITS } from '../limits.js';
import type { Layer } from '../schema/layer.js';
import { endMsOf, type Former } from './stage.js';

/** A former version without what is over at a moment: null when nothing of it is seen any more. */
export function pruned<T>(former: Former<T> | null, atMs: number): Former<T> | null {
  if (former === null || endMsOf(former) <= atMs) return null;
  const from = pruned(former.from, atMs);
  return from === former.from ? former : { ...former, from };
}

/**
 * A former version that is no more than so many versions deep; what lies deeper is cut off.
 * @param settle - what stands in place of the deepest one that is kept, and of all that it came from
 */
function cutAt<T>(former: Former<T>, depth: number, settle: (deepest: Former<T>) => T): Former<T> {
  if (former.from === null) return former;
  return depth > 1
    ? { ...former, from: cutAt(former.from, depth - 1, settle) }
    : { ...former, was: settle(former), from: null };
}

/**
 * What a new version comes from: the one before it and, as long as that was not there itself, what that came from.
 * @param settle - see `cutAt`: it keeps the picture as it is at the moment when there are too many versions
 */
export function formerOf<T>(version: Former<T>, settle: (deepest: Former<T>) => T): Former<T> {
  return cutAt(version, LIMITS.versionsPerLayer, settle);
}

/**
 * Former versions of a layer with those fields as they are after a change that differ from before it: what changes
 * without a transition changes at once, and what is on its way goes on.
 */
export function withChanges(
  former: Former<Layer>,
  before: Layer,
  after: Layer,
): Former<Layer> | null {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes = [...names].filter(
    (name) => !isDeepStrictEqual(Reflect.get(before, name), Reflect.get(after, name)),
  );
  const apply = (one: Former<Layer>): Former<Layer> | null => {
    if (one.was.type !== after.type) return null;
    const was = { ...one.was };
    for (const name of changes) {
      if (Object.hasOwn(after, name)) Reflect.set(was, name, Reflect.get(after, name));
      else Reflect.deleteProperty(was, name);
    }
    return { ...one, was, from: one.from === null ? null : apply(one.from) };
  };
  return changes.length === 0 ? former : apply(former);
}
