import { AppError } from '../core/errors.js';
import type { ServiceEvent } from '../core/event.js';
import { editStack } from '../scene/layer-tree.js';
import type { Layer } from '../scene/schema/layer.js';
import type { Scene } from '../scene/schema/scene.js';
import type { Change } from './change.js';
import type { ServiceState } from './model.js';
import { findLayer, findScene, withScene } from './scene-lookup.js';

/** Which layer a command is for. */
export type LayerAddress = { readonly sceneId: string; readonly layerId: string };

/** A kind of layer that a command is for. */
export type LayerKind<L extends Layer> = {
  /** For people. */
  readonly name: string;
  readonly isOf: (layer: Layer) => layer is L;
};

/** What a command makes of a layer; the same layer: nothing has changed. */
export type LayerEdit<L extends Layer> = {
  readonly layer: L;
  /** What happened, for `type` and `data` of an event; the address is added. */
  readonly type: string;
  readonly data: ServiceEvent['data'];
};

/**
 * The state with one layer of a certain kind edited.
 * @throws AppError SM_SCENE_UNKNOWN, SM_LAYER_UNKNOWN, SM_LAYER_KIND
 */
export function editLayer<L extends Layer>(
  state: ServiceState,
  { sceneId, layerId }: LayerAddress,
  kind: LayerKind<L>,
  edit: (layer: L, scene: Scene) => LayerEdit<L>,
): Change {
  const { scene, sceneIndex } = findScene(state, sceneId);
  const { layer: before, groupId, index } = findLayer(scene, layerId);
  if (!kind.isOf(before)) {
    throw new AppError(
      'SM_LAYER_KIND',
      `The layer ${layerId} has the type ${before.type}; this operation requires a ${kind.name} layer.`,
    );
  }
  const { layer, type, data } = edit(before, scene);
  if (layer === before) return { state, events: [] };
  const layers = editStack(scene.layers, groupId, (stack) => stack.with(index, layer));
  return {
    state: withScene(state, sceneIndex, { ...scene, layers }),
    events: [{ topic: 'scene', type, data: { sceneId, layerId, ...data } }],
  };
}
