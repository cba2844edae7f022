import { AppError } from '../core/errors.js';
import { walkLayers } from '../scene/layer-tree.js';
import { LOAD_LIMITS, VARIABLE_LIMITS } from '../scene/limits.js';
import { excessOf, LOAD_MEASURES, type LoadMeasure } from '../scene/load/excess.js';
import { SceneLoads, type SceneLoad } from '../scene/load/scene-load.js';
import type { Scene } from '../scene/schema/scene.js';
import { expressionChars } from '../scene/variables/layer-expressions.js';
import { substitute } from '../scene/variables/substitute.js';
import { checkStepsNow, checkWorstSteps } from './expression-steps.js';
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
    `The scene ${sceneId} would need ${Math.ceil(load[measure])} ${noun} (${how}); the limit is ${LOAD_LIMITS[measure]}. Most of it comes from ${path}: show it less often, or reduce its content.`,
    [{ path, message: `takes ${Math.ceil(most?.load[measure] ?? 0)} ${noun}` }],
  );
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
    `The scene ${after.id} would contain ${chars} characters of expressions; the limit is ${limit}.`,
    [{ path: '/layers', message: `contain ${chars} characters of expressions` }],
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
    checkWorstSteps(was, scene);
  }
  checkStepsNow(before, after);
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
