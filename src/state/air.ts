import { type SceneShot, shotsBehind } from '../scene/motion/running-transition.js';
import { leavingLayers, type Stage } from '../scene/motion/stage.js';
import { assetsOfScene, scenesShownWith } from '../scene/references.js';
import { assetsOfTransition } from '../scene/schema/scene-transition.js';
import type { Scene } from '../scene/schema/scene.js';
import type { Asset, ServiceState } from './model.js';
import { shotOf, stageOf } from './staging.js';

/** What of the state is on air. */
export type AirState = SceneShot & {
  /** The scenes that are shown as layers, and those that they show. */
  readonly nested: readonly Scene[];
  /** What of their past is seen, by id, where there is any. */
  readonly stages: Readonly<Record<string, Stage>>;
  readonly assets: readonly Asset[];
};

/** A scene with what leaves it as if it were there. */
function withLeaving({ scene, stage }: Pick<SceneShot, 'scene' | 'stage'>): Scene[] {
  return scene === null ? [] : [{ ...scene, layers: [...scene.layers, ...leavingLayers(stage)] }];
}

/** The scene on air, what it comes from, and the assets that these show. */
export function airStateOf(state: ServiceState): AirState {
  const shot = shotOf(state);
  const running = shotsBehind(shot.transition);
  const find = (id: string): Scene | null => state.scenes.find((one) => one.id === id) ?? null;
  const findAll = (id: string): Scene | null =>
    withLeaving({ scene: find(id), stage: stageOf(state, id) })[0] ?? null;
  const outer = [shot, ...running.map(({ from }) => from)].flatMap(withLeaving);
  const shown = outer.flatMap((scene) => scenesShownWith(scene, findAll));
  const nestedIds = new Set(shown.filter((scene) => !outer.includes(scene)).map(({ id }) => id));
  const nested = [...nestedIds].flatMap((id) => find(id) ?? []);
  const assetIds = new Set([
    ...shown.flatMap((scene) => [...assetsOfScene(scene)]),
    ...running.flatMap(({ kind }) => assetsOfTransition(kind)),
  ]);
  return {
    ...shot,
    nested,
    stages: Object.fromEntries(Object.entries(state.stages).filter(([id]) => nestedIds.has(id))),
    assets: state.assets.filter(({ id }) => assetIds.has(id)),
  };
}

/** Whether two states look the same on air. Parts that did not change are the same objects. */
export function isSameOnAir(a: AirState, b: AirState): boolean {
  return (
    a.scene === b.scene &&
    a.stage === b.stage &&
    a.takenAtMs === b.takenAtMs &&
    a.transition === b.transition &&
    isSameList(a.nested, b.nested) &&
    isSameList(Object.values(a.stages), Object.values(b.stages)) &&
    isSameList(a.assets, b.assets)
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
