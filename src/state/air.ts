import type { Asset, ServiceState } from './model.js';
import type { Scene } from '../scene/schema/scene.js';

/** What of the state is shown, on air or elsewhere. */
export type AirState = {
  readonly scene: Scene | null;
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
  const shown = new Set(
    scene?.layers.flatMap((layer) => (layer.type === 'image' ? [layer.asset] : [])),
  );
  return {
    scene,
    takenAtMs,
    assets: state.assets.filter(({ id }) => shown.has(id)),
  };
}

/** Whether two states look the same on air. Parts that did not change are the same objects. */
export function isSameOnAir(a: AirState, b: AirState): boolean {
  return (
    a.scene === b.scene &&
    a.takenAtMs === b.takenAtMs &&
    a.assets.length === b.assets.length &&
    a.assets.every((asset, i) => asset === b.assets[i])
  );
}
