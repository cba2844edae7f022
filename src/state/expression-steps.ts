import { AppError } from '../core/errors.js';
import { walkLayers } from '../scene/layer-tree.js';
import { VARIABLE_LIMITS } from '../scene/limits.js';
import type { Layer } from '../scene/schema/layer.js';
import type { Scene } from '../scene/schema/scene.js';
import type { Expression } from '../scene/variables/expression.js';
import type { ValuesOf } from '../scene/variables/expression-cost.js';
import type { JsonValue, Variables } from '../scene/variables/json-value.js';
import { parseLayerExpressions } from '../scene/variables/layer-expressions.js';
import { valuesIn } from '../scene/variables/schema.js';
import type { ServiceState } from './model.js';
import { toPointer } from './validate.js';

/**
 * Bounds the work of evaluating expressions: of one scene whatever its variables hold, and of all scenes with what the
 * variables hold, since a change of one may ask all of them.
 */

function expressionsOf(layer: Layer): Expression[] {
  const { texts, bindings } = parseLayerExpressions(layer);
  return [
    ...bindings.map(({ expression }) => expression),
    ...texts.flatMap(({ template: { parts } }) =>
      parts.flatMap((part) => (typeof part === 'string' ? [] : [part.expression])),
    ),
  ];
}

/** Hangs on the layers themselves, which never change. */
const knownSteps = new WeakMap<Layer, number>();

/** Steps that the expressions of a layer itself take at the worst. */
function worstStepsOf(layer: Layer): number {
  const known = knownSteps.get(layer);
  if (known !== undefined) return known;
  const steps = expressionsOf(layer).reduce((sum, expression) => sum + expression.steps, 0);
  knownSteps.set(layer, steps);
  return steps;
}

function sceneSteps({ layers }: Scene): number {
  let sum = 0;
  for (const { layer } of walkLayers(layers)) sum += worstStepsOf(layer);
  return sum;
}

/** Refuses a scene whose expressions could keep the service from everything else for seconds. @throws AppError SM_SCENE_LOAD */
export function checkWorstSteps(before: Scene | undefined, after: Scene): void {
  const steps = sceneSteps(after);
  const { expressionStepsPerScene: limit } = VARIABLE_LIMITS;
  if (steps <= limit || (before !== undefined && steps <= sceneSteps(before))) return;
  const [most] = [...walkLayers(after.layers)].toSorted(
    (a, b) => worstStepsOf(b.layer) - worstStepsOf(a.layer),
  );
  const path = toPointer(['layers', ...(most?.path ?? [])]);
  const worst = most === undefined ? 0 : worstStepsOf(most.layer);
  throw new AppError(
    'SM_SCENE_LOAD',
    `The expressions of the scene ${after.id} could take ${Math.ceil(steps)} steps in total; the limit is ${limit}. They iterate over nested lists; most steps come from ${path}.`,
    [{ path, message: `takes ${Math.ceil(worst)} steps` }],
  );
}

/** Expressions of a scene that do more than look a variable up. */
const knownWork = new WeakMap<Scene, readonly Expression[]>();

function workOf(scene: Scene): readonly Expression[] {
  const known = knownWork.get(scene);
  if (known !== undefined) return known;
  const work = [...walkLayers(scene.layers)].flatMap(({ layer }) =>
    expressionsOf(layer).filter(({ path }) => path === null),
  );
  knownWork.set(scene, work);
  return work;
}

/** Hangs on the values, which never change: lists and objects are counted once. */
const knownValues = new WeakMap<object, number>();

function valuesOf(value: JsonValue | undefined): number {
  if (value === undefined) return 1;
  if (typeof value !== 'object' || value === null) return valuesIn(value);
  const known = knownValues.get(value);
  if (known !== undefined) return known;
  const values = valuesIn(value);
  knownValues.set(value, values);
  return values;
}

function hasGrown(before: Variables, after: Variables): boolean {
  if (before === after) return false;
  return Object.entries(after).some(
    ([name, value]) => value !== before[name] && valuesOf(value) > valuesOf(before[name]),
  );
}

function stepsNow(scene: Scene, variables: Variables): number {
  const values: ValuesOf = (name) =>
    valuesOf(Object.hasOwn(variables, name) ? variables[name] : undefined);
  return workOf(scene).reduce((sum, expression) => sum + expression.stepsWith(values), 0);
}

function allStepsNow({ scenes, variables }: ServiceState): number {
  return scenes.reduce((sum, scene) => sum + stepsNow(scene, variables), 0);
}

/**
 * Refuses a change after which evaluating all expressions once would take long with what the variables hold then.
 * @throws AppError SM_SCENE_LOAD with the sum and the scene that takes most
 */
export function checkStepsNow(before: ServiceState, after: ServiceState): void {
  if (before.scenes === after.scenes && !hasGrown(before.variables, after.variables)) return;
  const steps = allStepsNow(after);
  const { expressionStepsNow: limit } = VARIABLE_LIMITS;
  if (steps <= limit || steps <= allStepsNow(before)) return;
  const [most] = after.scenes.toSorted(
    (a, b) => stepsNow(b, after.variables) - stepsNow(a, after.variables),
  );
  throw new AppError(
    'SM_SCENE_LOAD',
    `With these variables, the expressions of all scenes would take ${Math.ceil(steps)} steps each time a variable changes; the limit is ${limit}. Most steps come from the scene ${most?.id ?? ''}: use shorter lists in its variables, or iterate over them less often.`,
    [{ path: '/layers', message: 'iterate over long lists' }],
  );
}
