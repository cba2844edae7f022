import { type SceneShot, shotsBehind } from './motion/running-transition.js';
import { leavingLayers } from './motion/stage.js';
import type { Layer } from './schema/layer.js';
import type { Scene } from './schema/scene.js';
import { walkLayers } from './layer-tree.js';

/** Every layer that may be seen of a scene, those that leave and those of scenes that give way or are shown in it included. */
export function* layersShown(shot: SceneShot, nested: readonly Scene[]): Generator<Layer> {
  const shots = [shot, ...shotsBehind(shot.transition).map(({ from }) => from)];
  for (const { scene, stage } of shots) {
    yield* eachOf(scene?.layers ?? []);
    yield* eachOf(leavingLayers(stage));
  }
  for (const { layers } of nested) yield* eachOf(layers);
}

function* eachOf(layers: readonly Layer[]): Generator<Layer> {
  for (const { layer } of walkLayers(layers)) yield layer;
}
