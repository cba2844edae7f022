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

/** A layer with what is known of it and of the layers in it. */
type Node = {
  readonly expressions: LayerExpressions;
  /** Whether anything of the layer or in it comes from expressions. */
  readonly isTouched: boolean;
  /** Dotted paths of all variables that it and the layers in it read. */
  readonly paths: readonly string[];
  readonly results: Result<SubstitutedLayer>[];
};

type SceneNode = Pick<Node, 'isTouched' | 'paths'> & {
  readonly results: Result<SubstitutedScene>[];
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
    const { expressions, isTouched, paths, results } = nodeOf(layer);
    if (!isTouched) return { layer, problems: [] };
    const locale = layer.locale ?? inherited;
    const values = paths.map((path) => valueAt(variables, path));
    return remembered(results, { locale, values }, (before) => {
      const own = substituteLayer(layer, expressions, variables, locale);
      const problems = [...complaintsOf(layer, expressions), ...own.problems];
      if (own.layer.type !== 'group') return { layer: kept(before?.layer, own.layer), problems };
      const inner = own.layer.layers.map((child) => substituteOne(child, variables, locale));
      const group = { ...own.layer, layers: inner.map((child) => child.layer) };
      return {
        layer: kept(before?.layer, group),
        problems: [...problems, ...inner.flatMap((child) => child.problems)],
      };
    });
  };

  return (scene, variables) => {
    const { isTouched, paths, results } = sceneNodeOf(scene);
    if (!isTouched) return { scene, problems: [] };
    const values = paths.map((path) => valueAt(variables, path));
    return remembered(results, { locale: scene.locale, values }, (before) => {
      const inner = scene.layers.map((layer) => substituteOne(layer, variables, scene.locale));
      const made = { ...scene, layers: inner.map(({ layer }) => layer) };
      const problems = inner.flatMap((child) => child.problems);
      return { scene: kept(before?.scene, made), problems: kept(before?.problems, problems) };
    });
  };
}

/** The result for the values that variables have now: one that is known, or a new one. */
function remembered<T>(
  results: Result<T>[],
  { locale, values }: Omit<Result<T>, 'result'>,
  make: (before: T | undefined) => T,
): T {
  const known = results.findIndex(
    (one) => one.locale === locale && isDeepStrictEqual(one.values, values),
  );
  const [found] = known < 0 ? [] : results.splice(known, 1);
  const made = found ?? { locale, values, result: make(results[0]?.result) };
  results.unshift(made);
  results.length = Math.min(results.length, KEPT_RESULTS);
  return made.result;
}

/** The result before if it is equal: other values of variables may lead to the same result. */
function kept<T>(before: T | undefined, made: T): T {
  return before !== undefined && isDeepStrictEqual(before, made) ? before : made;
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
