import { AppError } from '../core/errors.js';
import { walkLayers } from '../scene/layer-tree.js';
import { LOAD_LIMITS, VARIABLE_LIMITS } from '../scene/limits.js';
import { excessOf, LOAD_MEASURES, type LoadMeasure } from '../scene/load/excess.js';
import { SceneLoads, type SceneLoad } from '../scene/load/scene-load.js';
import type { Layer } from '../scene/schema/layer.js';
import type { Scene } from '../scene/schema/scene.js';
import { expressionChars, parseLayerExpressions } from '../scene/variables/layer-expressions.js';
import { substitute } from '../scene/variables/substitute.js';
import type { ServiceState } from './model.js';
import { toPointer } from './validate.js';

function loadsOf({ scenes, variables }: ServiceState): SceneLoads {
  const byId = new Map(scenes.map((scene) => [scene.id, scene]));
  return new SceneLoads((id) => {
    const document = byId.get(id);
    return document === undefined
      ? null
      : { scene: substitute(document, variables).scene, leaving: [] };
  });
}

function refusal(sceneId: string, load: SceneLoad, measure: LoadMeasure): AppError {
  const { noun, how } = LOAD_MEASURES[measure];
  const [most] = load.parts.toSorted((a, b) => b.load[measure] - a.load[measure]);
  const path = toPointer(['layers', ...(most?.path ?? [])]);
  return new AppError(
    'SM_SCENE_LOAD',
    `The scene ${sceneId} would take ${Math.ceil(load[measure])} ${noun} (${how}), and may take ${LOAD_LIMITS[measure]}. Most come from ${path}: show it less often, or less in it.`,
    [{ path, message: `takes ${Math.ceil(most?.load[measure] ?? 0)} ${noun}` }],
  );
}

/** Hangs on the layers themselves, which never change. */
const knownSteps = new WeakMap<Layer, number>();

/** Steps that the expressions of a layer itself take at the worst. */
function stepsOf(layer: Layer): number {
  const known = knownSteps.get(layer);
  if (known !== undefined) return known;
  const { texts, bindings } = parseLayerExpressions(layer);
  const expressions = [
    ...bindings.map(({ expression }) => expression),
    ...texts.flatMap(({ template: { parts } }) =>
      parts.flatMap((part) => (typeof part === 'string' ? [] : [part.expression])),
    ),
  ];
  const steps = expressions.reduce((sum, expression) => sum + expression.steps, 0);
  knownSteps.set(layer, steps);
  return steps;
}

function sceneSteps({ layers }: Scene): number {
  let sum = 0;
  for (const { layer } of walkLayers(layers)) sum += stepsOf(layer);
  return sum;
}

function sceneChars({ layers }: Scene): number {
  let sum = 0;
  for (const { layer } of walkLayers(layers)) sum += expressionChars(layer);
  return sum;
}

/** Refuses a scene whose expressions would take long to parse. @throws AppError SM_SCENE_LOAD */
function checkChars(before: Scene | undefined, after: Scene): void {
  const chars = sceneChars(after);
  const { expressionCharsPerScene: limit } = VARIABLE_LIMITS;
  if (chars <= limit || (before !== undefined && chars <= sceneChars(before))) return;
  throw new AppError(
    'SM_SCENE_LOAD',
    `The scene ${after.id} would hold ${chars} characters of expressions, and may hold ${limit}.`,
    [{ path: '/layers', message: `hold ${chars} characters of expressions` }],
  );
}

/** Refuses a scene whose expressions could keep the service from everything else for seconds. @throws AppError SM_SCENE_LOAD */
function checkSteps(before: Scene | undefined, after: Scene): void {
  const steps = sceneSteps(after);
  const { expressionStepsPerScene: limit } = VARIABLE_LIMITS;
  if (steps <= limit || (before !== undefined && steps <= sceneSteps(before))) return;
  const [most] = [...walkLayers(after.layers)].toSorted(
    (a, b) => stepsOf(b.layer) - stepsOf(a.layer),
  );
  const path = toPointer(['layers', ...(most?.path ?? [])]);
  const worst = most === undefined ? 0 : stepsOf(most.layer);
  throw new AppError(
    'SM_SCENE_LOAD',
    `The expressions of the scene ${after.id} could take ${Math.ceil(steps)} steps together, and may take ${limit}: they go through lists in lists. Most come from ${path}.`,
    [{ path, message: `takes ${Math.ceil(worst)} steps` }],
  );
}

/**
 * Refuses a change after which a scene would take more than can be shown, if it took less before; and any that puts
 * such a scene on air or in preview. Scenes that an older version has stored may so be made smaller step by step.
 * @throws AppError SM_SCENE_LOAD with the sum, the limit and the layer that takes most
 */
export function checkLoad(before: ServiceState, after: ServiceState): void {
  const isSame = before.scenes === after.scenes && before.variables === after.variables;
  const shown = new Set<string>();
  if (after.program !== before.program && after.program.sceneId !== null)
    if (
      after.program.sceneId !== before.program.sceneId ||
      after.program.takenAtMs !== before.program.takenAtMs
    )
      shown.add(after.program.sceneId);
  if (after.preview !== null && after.preview !== before.preview) shown.add(after.preview.sceneId);
  if (isSame && shown.size === 0) return;
  const beforeById = new Map(before.scenes.map((scene) => [scene.id, scene]));
  for (const scene of after.scenes) {
    const was = beforeById.get(scene.id);
    if (was === scene) continue;
    checkChars(was, scene);
    checkSteps(was, scene);
  }
  const loads = loadsOf(after);
  const loadsBefore = isSame ? loads : loadsOf(before);
  for (const { id } of after.scenes) {
    const load = loads.of(id);
    const measure = excessOf(load);
    if (measure === null) continue;
    const hasGrown = load[measure] > loadsBefore.of(id)[measure];
    if (hasGrown || shown.has(id)) throw refusal(id, load, measure);
  }
}
