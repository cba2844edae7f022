import { isFilled, toColorTrack, toNumberTrack } from '../animation.js';
import { withValue } from '../field-path.js';
import { animatedFieldOf } from '../schema/animated-fields.js';
import type { Animation, Point } from '../schema/animation.js';
import type { Layer } from '../schema/layer.js';
import { bounded, boundsOf } from '../number-bounds.js';
import { largerOf, numberIn, type MovingLayer } from './moving-layer.js';

/** A field over time. */
type MovingField = {
  readonly path: string;
  /** Null at moments at which the field is as the document has it. */
  readonly at: (timeMs: number) => number | string | null;
  /** Of numbers. */
  readonly largest: number | null;
};

function numberField(
  layer: Layer,
  path: string,
  animation: Animation,
  values: readonly number[],
): MovingField {
  const bounds = boundsOf(layer, path);
  const track = toNumberTrack(
    animation,
    values.map((value) => bounded(bounds, value)),
  );
  const largest = Math.max(...values.map((value) => bounded(bounds, value)));
  return {
    path,
    at: (timeMs) => (isFilled(animation, timeMs) ? bounded(bounds, track(timeMs)) : null),
    largest: animation.fill === 'both' ? largest : largerOf(largest, numberIn(layer, path)),
  };
}

function pointFields(layer: Layer, animation: Animation, points: readonly Point[]): MovingField[] {
  const { property } = animation;
  return (['x', 'y'] as const).map((axis) =>
    numberField(
      layer,
      property === 'position' ? axis : `${property}.${axis}`,
      animation,
      points.map((point) => point[axis]),
    ),
  );
}

function fieldsOf(layer: Layer, animation: Animation): MovingField[] {
  // A version from before a change may lack a field that moves now.
  if (animatedFieldOf(layer, animation.property) === null) return [];
  const values = animation.keyframes.map(({ value }) => value);
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === values.length)
    return [numberField(layer, animation.property, animation, numbers)];
  const colors = values.filter((value) => typeof value === 'string');
  if (colors.length < values.length) {
    const points = values.filter((value) => typeof value === 'object');
    return pointFields(layer, animation, points);
  }
  const track = toColorTrack(animation, colors);
  const at = (timeMs: number): string | null =>
    isFilled(animation, timeMs) ? track(timeMs) : null;
  return [{ path: animation.property, at, largest: null }];
}

/** Fields of a layer over time, by animations of it. */
export type Fields = {
  readonly moving: ReadonlySet<string>;
  /** A layer with what its fields are at a moment; the very layer when none of them moves. */
  at(layer: Layer, timeMs: number): Layer;
  largest(property: string): number | null;
};

/** What animations do to a layer. Of two of one field the last counts. */
export function toFields(layer: Layer, animations: readonly Animation[]): Fields {
  const byPath = new Map(
    animations.flatMap((animation) =>
      fieldsOf(layer, animation).map((field): [string, MovingField] => [field.path, field]),
    ),
  );
  const fields = [...byPath.values()].map((field) => ({ ...field, keys: field.path.split('.') }));
  return {
    moving: new Set(byPath.keys()),
    at: (shown, timeMs) => {
      if (fields.length === 0) return shown;
      const moved = { ...shown };
      for (const { at, keys } of fields) setValue(moved, keys, at(timeMs));
      return moved;
    },
    largest: (property) => byPath.get(property)?.largest ?? null,
  };
}

/** Sets a field of a fresh copy of a layer; null leaves it as it is. */
export function setValue(
  copy: object,
  [first = '', ...rest]: readonly string[],
  value: number | string | null,
): void {
  if (value === null) return;
  const before: unknown = Reflect.get(copy, first);
  Reflect.set(copy, first, rest.length === 0 ? value : withValue(before, rest, value));
}

const animatedLayers = new WeakMap<Layer, MovingLayer>();

/** A layer by its own document: at rest but for its animations. Kept as long as the document is there. */
export function toAnimated(layer: Layer): MovingLayer {
  const known = animatedLayers.get(layer);
  if (known !== undefined) return known;
  const fields = toFields(layer, layer.animations);
  const animated: MovingLayer = {
    layer,
    moving: fields.moving,
    at: (sceneTimeMs) => fields.at(layer, sceneTimeMs),
    largest: (property) => fields.largest(property) ?? numberIn(layer, property),
  };
  animatedLayers.set(layer, animated);
  return animated;
}
