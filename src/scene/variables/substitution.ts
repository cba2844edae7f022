import { isDeepStrictEqual } from 'node:util';
import type { Layer } from '../schema/layer.js';
import type { Scene } from '../schema/scene.js';
import { type JsonValue, valueAt, type Variables } from './json-value.js';
import { type LayerExpressions, parseLayerExpressions } from './layer-expressions.js';
import {
  substituteLayer,
  type SubstitutedLayer,
  type VariableProblem,
} from './substitute-layer.js';

/** A scene with its variables substituted, and the problems with them. */
export type SubstitutedScene = {
  readonly scene: Scene;
  readonly problems: readonly VariableProblem[];
};

/**
 * Substitutes variables in scenes. A scene that uses none is returned as it is. In others, every layer and group whose
 * variables did not change is the same object as the last time, so a change of a variable touches only what depends on it.
 */
export type Substitution = {
  (scene: Scene, variables: Variables): SubstitutedScene;
};

/** Results kept of each layer and scene: the current one, and those of scheduled batches. */
const KEPT_RESULTS = 4;

type Result<T> = {
  readonly locale: string;
  readonly values: readonly (JsonValue | undefined)[];
  readonly result: T;
};

/** A result for what consists of layers, with those that it consists of. */
type Composed<T> = Result<T> & { readonly parts: readonly Layer[] };

/** A layer with what is known of it and of the layers in it. */
type Node = {
  readonly expressions: LayerExpressions;
  /** Whether anything of the layer or in it comes from expressions. */
  readonly isTouched: boolean;
  /** Dotted paths of all variables that it and the layers in it read. */
  readonly paths: readonly string[];
  /** The layer alone, by the variables that it reads itself, the last one first. */
  readonly own: Result<SubstitutedLayer>[];
  /** The layer with those in it, by all variables that are read in it, the last one first. */
  readonly results: Composed<SubstitutedLayer>[];
};

type SceneNode = Pick<Node, 'isTouched' | 'paths'> & {
  readonly results: Composed<SubstitutedScene>[];
};

/** Results are kept with the layers and scenes themselves, and go with them. */
export function createSubstitution(): Substitution {
  const nodes = new WeakMap<Layer, Node>();
  const scenes = new WeakMap<Scene, SceneNode>();

  const nodeOf = (layer: Layer): Node => {
    const known = nodes.get(layer);
    if (known !== undefined) return known;
    const expressions = parseLayerExpressions(layer);
    const children = layer.type === 'group' ? layer.layers.map(nodeOf) : [];
    const { texts, bindings, complaints } = expressions;
    const isOwn = texts.length + bindings.length + complaints.length > 0;
    const node = {
      expressions,
      isTouched: isOwn || children.some((child) => child.isTouched),
      paths: [...new Set([...expressions.paths, ...children.flatMap((child) => child.paths)])],
      own: [],
      results: [],
    };
    nodes.set(layer, node);
    return node;
  };

  const sceneNodeOf = (scene: Scene): SceneNode => {
    const known = scenes.get(scene);
    if (known !== undefined) return known;
    const layers = scene.layers.map(nodeOf);
    const paths = [...new Set(layers.flatMap((layer) => layer.paths))];
    const node = { isTouched: layers.some((layer) => layer.isTouched), paths, results: [] };
    scenes.set(scene, node);
    return node;
  };

  const substituteOne = (
    layer: Layer,
    variables: Variables,
    inherited: string,
  ): SubstitutedLayer => {
    const node = nodeOf(layer);
    const { isTouched, paths, results } = node;
    if (!isTouched) return { layer, problems: [] };
    const locale = layer.locale ?? inherited;
    if (layer.type !== 'group') return substituteOwn(layer, node, variables, locale);
    const values = paths.map((path) => valueAt(variables, path));
    const [last] = results;
    if (last !== undefined && isOf(last, locale, values)) return last.result;
    const own = substituteOwn(layer, node, variables, locale);
    const inner = layer.layers.map((child) => substituteOne(child, variables, locale));
    const layers = inner.map((child) => child.layer);
    const group: Layer = own.layer.type === 'group' ? { ...own.layer, layers } : own.layer;
    const parts = [own.layer, ...layers];
    const same = results.find((one) => isSameList(one.parts, parts));
    const problems = [...own.problems, ...inner.flatMap((child) => child.problems)];
    const result = { layer: same?.result.layer ?? group, problems };
    return remember(results, { locale, values, parts, result });
  };

  return (scene, variables) => {
    const { isTouched, paths, results } = sceneNodeOf(scene);
    if (!isTouched) return { scene, problems: [] };
    const { locale } = scene;
    const values = paths.map((path) => valueAt(variables, path));
    const [last] = results;
    if (last !== undefined && isOf(last, locale, values)) return last.result;
    const inner = scene.layers.map((layer) => substituteOne(layer, variables, locale));
    const parts = inner.map(({ layer }) => layer);
    const problems = inner.flatMap((child) => child.problems);
    const same = results.find((one) => isSameList(one.parts, parts));
    const told = results.find(({ result }) => isDeepStrictEqual(result.problems, problems));
    const result = {
      scene: same?.result.scene ?? { ...scene, layers: parts },
      problems: told?.result.problems ?? problems,
    };
    return remember(results, { locale, values, parts, result });
  };
}

/** A layer without those in it. */
function substituteOwn(
  layer: Layer,
  { expressions, own }: Node,
  variables: Variables,
  locale: string,
): SubstitutedLayer {
  const values = expressions.paths.map((path) => valueAt(variables, path));
  const known = own.find((one) => isOf(one, locale, values));
  if (known !== undefined) return remember(own, known);
  const made = substituteLayer(layer, expressions, variables, locale);
  const problems = [...complaintsOf(layer, expressions), ...made.problems];
  // Other values of variables may lead to the same layer.
  const same = own.find(({ result }) => isDeepStrictEqual(result.layer, made.layer));
  const result = { layer: same?.result.layer ?? made.layer, problems };
  return remember(own, { locale, values, result });
}

/** Whether a result is the one for these values of variables. */
function isOf(
  known: Result<unknown>,
  locale: string,
  values: readonly (JsonValue | undefined)[],
): boolean {
  return known.locale === locale && isDeepStrictEqual(known.values, values);
}

/** Puts a result first in the place of the one for the same values, and lets go of the oldest. */
function remember<T, R extends Result<T>>(results: R[], last: R): R['result'] {
  if (results[0] === last) return last.result;
  const others = results
    .filter((one) => !isOf(one, last.locale, last.values))
    .slice(0, KEPT_RESULTS - 1);
  results.splice(0, results.length, last, ...others);
  return last.result;
}

function isSameList(one: readonly Layer[], other: readonly Layer[]): boolean {
  return one.length === other.length && one.every((layer, i) => layer === other[i]);
}

function complaintsOf(layer: Layer, { complaints }: LayerExpressions): VariableProblem[] {
  return complaints.map(({ path, message }) => ({
    layerId: layer.id,
    property: path.join('.'),
    kind: 'expression',
    expression: '',
    message,
  }));
}
