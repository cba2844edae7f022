import { excessOf } from '../scene/load/excess.js';
import { SceneLoads, type StagedScene } from '../scene/load/scene-load.js';
import { goneAtMsOf } from '../scene/motion/leaving.js';
import type { Leaving, Stage } from '../scene/motion/stage.js';
import type { Scene } from '../scene/schema/scene.js';
import { substitute } from '../scene/variables/substitute.js';
import type { ServiceState } from './model.js';

/** The load of every scene with those layers on their way out that `isKept` says. */
function loadsWith(state: ServiceState, isKept: (leaving: Leaving) => boolean): SceneLoads {
  const byId = new Map(state.scenes.map((scene) => [scene.id, scene]));
  const staged = (document: Scene): StagedScene => {
    const leaving = state.stages[document.id]?.leaving.filter(isKept) ?? [];
    const { scene } = substitute(document, state.variables);
    return { scene, leaving: leaving.map(({ layer }) => layer) };
  };
  return new SceneLoads((id) => {
    const document = byId.get(id);
    return document === undefined ? null : staged(document);
  });
}

/** Whether no scene takes more than can be shown because of what leaves it and the scenes that it shows. */
function fits({ scenes }: ServiceState, loads: SceneLoads, atRest: SceneLoads): boolean {
  return scenes.every(({ id }) => {
    const load = loads.of(id);
    const measure = excessOf(load);
    return measure === null || load[measure] <= atRest.of(id)[measure];
  });
}

/** A stage of which some layers are gone. What stood right above one of them stands above what that stood on. */
function without(stage: Stage, gone: ReadonlySet<Leaving>): Stage {
  const below = new Map([...gone].map(({ layer, aboveId }) => [layer.id, aboveId]));
  const standingOn = (aboveId: string | null): string | null => {
    let id = aboveId;
    for (let steps = below.size; id !== null && steps > 0; steps--) {
      const next = below.get(id);
      if (next === undefined) break;
      id = next;
    }
    return id;
  };
  const leaving = stage.leaving
    .filter((one) => !gone.has(one))
    .map((one) => ({ ...one, aboveId: standingOn(one.aboveId) }));
  return { ...stage, leaving };
}

/**
 * A state in which layers on their way out take no more than can be shown, with all else: where they would, those go at
 * once whose exits end first. Taking a layer away is never refused, and an exit lasts up to ten minutes: without this,
 * whoever puts layers in and takes them out again would fill a scene beyond any limit.
 */
export function withBoundedExits(state: ServiceState): ServiceState {
  const leaving = Object.values(state.stages).flatMap((stage) => stage.leaving);
  if (leaving.length === 0) return state;
  const atRest = loadsWith(state, () => false);
  const fit = (isKept: (one: Leaving) => boolean): boolean =>
    fits(state, loadsWith(state, isKept), atRest);
  if (fit(() => true)) return state;
  const lastToGo = leaving.toSorted((a, b) => goneAtMsOf(b) - goneAtMsOf(a));
  let [kept, tooMany] = [0, lastToGo.length];
  while (tooMany - kept > 1) {
    const tried = Math.floor((kept + tooMany) / 2);
    const some = new Set(lastToGo.slice(0, tried));
    if (fit((one) => some.has(one))) kept = tried;
    else tooMany = tried;
  }
  const gone = new Set(lastToGo.slice(kept));
  const stages = Object.entries(state.stages).map(([id, stage]): [string, Stage] => [
    id,
    stage.leaving.some((one) => gone.has(one)) ? without(stage, gone) : stage,
  ]);
  return { ...state, stages: Object.fromEntries(stages) };
}
