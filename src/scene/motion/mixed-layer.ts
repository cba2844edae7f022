import { rulesOf } from '../../layers/rules.js';
import { mixColors } from '../color.js';
import { toEasing } from '../easing.js';
import { valueAt } from '../field-path.js';
import { isColorValue, isMovable } from '../schema/animated-fields.js';
import type { Layer } from '../schema/layer.js';
import { bounded, boundsOf } from '../number-bounds.js';
import { setValue, toAnimated } from './animated-layer.js';
import { largerOf, type MovingLayer } from './moving-layer.js';
import { shareAt, type Former, type Passage } from './stage.js';

/** Parts that a layout goes by: boxes are mixed as they come out of it. */
const LAYOUT_PARTS = new Set(['slot', 'layout', 'layoutTransition']);

function isMixable(layer: Layer, path: string): boolean {
  const [first = ''] = path.split('.', 1);
  const isById = first === rulesOf(layer).itemsById?.field;
  return isMovable(layer, path) && !LAYOUT_PARTS.has(first) && !isById;
}

/** Whether items of two versions of a layer are mixed that go by their ids and not by their places in a list. */
export function haveMixedItems(before: Layer, after: Layer): boolean {
  if (before.type !== after.type) return false;
  return rulesOf(after).itemsById?.differ(before, after) ?? false;
}

/** Whether two values of one field can be mixed, by the name of the field. */
function canMix(name: string, before: unknown, after: unknown): boolean {
  if (typeof before === 'number' && typeof after === 'number') return true;
  return isColorValue(name, before) && isColorValue(name, after);
}

function kindOf(value: object): unknown {
  return Reflect.get(value, 'type');
}

/**
 * Paths of the numbers and colours that two documents both have and that differ. What is of another kind (a gradient
 * for another one, the first filter for another one) has nothing in common.
 */
export function differingPaths(before: Layer, after: Layer): string[] {
  const paths: string[] = [];
  const walk = (a: unknown, b: unknown, path: string, name: string): void => {
    if (a === b) return;
    if (canMix(name, a, b)) {
      paths.push(path);
      return;
    }
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return;
    if (Array.isArray(a) !== Array.isArray(b) || (path !== '' && kindOf(a) !== kindOf(b))) return;
    for (const key of Object.keys(b)) {
      const inner = path === '' ? key : `${path}.${key}`;
      if (Object.hasOwn(a, key) && isMixable(after, inner))
        walk(Reflect.get(a, key), Reflect.get(b, key), inner, key);
    }
  };
  walk(before, after, '', '');
  return paths;
}

type Mixer = (before: unknown, after: unknown, progress: number) => number | string | null;

/** Mixes the values of one field as long as both are of a kind; null leaves the later one. */
function mixerOf(layer: Layer, path: string): Mixer {
  const bounds = boundsOf(layer, path);
  const name = path.slice(path.lastIndexOf('.') + 1);
  let from = '';
  let to = '';
  let mixed = mixColors('#000', '#000');
  return (before, after, progress) => {
    if (typeof before === 'number' && typeof after === 'number')
      return bounded(bounds, before + (after - before) * progress);
    if (!isColorValue(name, before) || !isColorValue(name, after)) return null;
    if (before !== from || after !== to) {
      [from, to] = [before, after];
      mixed = mixColors(from, to);
    }
    return mixed(progress);
  };
}

/** A layer on its way from one version to another. */
export function toMixed(before: MovingLayer, after: MovingLayer, passage: Passage): MovingLayer {
  const paths = new Set([
    ...differingPaths(before.layer, after.layer),
    ...[...before.moving, ...after.moving].filter((path) => isMixable(after.layer, path)),
  ]);
  const mixers = [...paths].map((path) => ({
    path,
    keys: path.split('.'),
    mix: mixerOf(after.layer, path),
  }));
  const easing = toEasing(passage.easing);
  const { itemsById } = rulesOf(after.layer);
  const hasMixedItems =
    itemsById !== null &&
    (haveMixedItems(before.layer, after.layer) || before.moving.has(itemsById.field));
  return {
    layer: after.layer,
    moving: new Set([...paths, ...after.moving, ...(hasMixedItems ? [itemsById.field] : [])]),
    at: (sceneTimeMs, programTimeMs) => {
      const now = after.at(sceneTimeMs, programTimeMs);
      const share = shareAt(passage, programTimeMs);
      if (share >= 1) return now;
      // Not asked of the easing: one may begin with a step.
      const progress = share <= 0 ? 0 : easing(share);
      const then = before.at(sceneTimeMs, programTimeMs);
      const mixed = { ...now };
      for (const { path, keys, mix } of mixers)
        setValue(mixed, keys, mix(valueAt(then, path), valueAt(now, path), progress));
      return itemsById !== null && then.type === mixed.type
        ? itemsById.mixed(then, mixed, progress)
        : mixed;
    },
    largest: (property) => largerOf(before.largest(property), after.largest(property)),
  };
}

/** A layer that comes from a former version, which may itself have come from one. */
export function toVersioned(layer: Layer, former: Former<Layer> | null): MovingLayer {
  const own = toAnimated(layer);
  return former === null ? own : toMixed(toVersioned(former.was, former.from), own, former);
}
