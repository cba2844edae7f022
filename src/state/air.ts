import { fontFamiliesOf, isNamed } from '../scene/font-families.js';
import type { Asset, ServiceState } from './model.js';
import { assetsOfScene, scenesShownWith } from '../scene/references.js';
import type { Scene } from '../scene/schema/scene.js';

/** What of the state is shown, on air or elsewhere. */
export type AirState = {
  readonly scene: Scene | null;
  /** The scenes that it shows as layers, and those that they show. */
  readonly nested: readonly Scene[];
  readonly takenAtMs: number;
  readonly assets: readonly Asset[];
};

/** The scene on air and the assets that it shows. */
export function airStateOf(state: ServiceState): AirState {
  return sceneAirStateOf(state, state.program.sceneId, state.program.takenAtMs);
}

/** The same of the scene in preview. */
export function previewStateOf(state: ServiceState): AirState {
  return sceneAirStateOf(state, state.preview?.sceneId ?? null, state.preview?.loadedAtMs ?? 0);
}

/** What would be shown if a scene had gone on air at `takenAtMs`; a scene that is not there shows nothing. */
export function sceneAirStateOf(
  state: ServiceState,
  sceneId: string | null,
  takenAtMs: number,
): AirState {
  const scene = state.scenes.find(({ id }) => id === sceneId) ?? null;
  const find = (id: string): Scene | null => state.scenes.find((one) => one.id === id) ?? null;
  const all = scene === null ? [] : scenesShownWith(scene, find);
  const shown = new Set(all.flatMap((one) => [...assetsOfScene(one)]));
  const families = new Set(all.flatMap((one) => [...fontFamiliesOf(one)]));
  return {
    scene,
    nested: all.slice(1),
    takenAtMs,
    assets: state.assets.filter(
      ({ id, font }) => shown.has(id) || (font !== null && isNamed(font.family, families)),
    ),
  };
}

/** Whether two states look the same on air. Parts that did not change are the same objects. */
export function isSameOnAir(a: AirState, b: AirState): boolean {
  return (
    a.scene === b.scene &&
    a.takenAtMs === b.takenAtMs &&
    isSameList(a.nested, b.nested) &&
    isSameList(a.assets, b.assets)
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
