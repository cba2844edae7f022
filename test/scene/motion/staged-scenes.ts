import assert from 'node:assert/strict';
import { compileScene } from '../../../src/scene/compile-scene.js';
import { findLayerPosition } from '../../../src/scene/layer-tree.js';
import { restage } from '../../../src/scene/motion/restage.js';
import { EMPTY_STAGE, type Stage } from '../../../src/scene/motion/stage.js';
import type { CompiledLayer } from '../../../src/scene/resolve.js';
import type { Layer, LayerInput } from '../../../src/scene/schema/layer.js';
import { type Scene, SceneSchema } from '../../../src/scene/schema/scene.js';
import { SILENCE } from '../../../src/scene/sound/heard.js';
import { type Transition, TransitionSchema } from '../../../src/scene/schema/transition.js';

/** Scenes that change, and what is seen of them. */

export function sceneOf(...layers: LayerInput[]): Scene {
  return SceneSchema.parse({ id: 's', layers });
}

export function box(id: string, fields: Record<string, unknown> = {}): LayerInput {
  const [shape] = SceneSchema.parse({
    id: 's',
    layers: [{ id, type: 'shape', shape: 'rectangle', width: 10, height: 10, ...fields }],
  }).layers;
  assert.ok(shape !== undefined);
  return shape;
}

export function transitionOf(fields: Record<string, unknown> = {}): Transition {
  return TransitionSchema.parse({ durationMs: 1000, easing: 'linear', ...fields });
}

/** A scene taken at 0 with whatever is still seen of its past. */
export type Staged = { readonly scene: Scene; readonly stage: Stage };

export function staged(scene: Scene): Staged {
  return { scene, stage: EMPTY_STAGE };
}

export function change(
  { scene, stage }: Staged,
  after: Scene,
  atMs: number,
  transition: Transition | null = null,
): Staged {
  const step = { before: scene, after, atMs, transition, takenAtMs: 0 };
  return { scene: after, stage: restage(stage, step) };
}

/** The scene with some fields of a layer as they are given. */
export function withFields(scene: Scene, id: string, fields: Record<string, unknown>): Scene {
  const position = findLayerPosition(scene.layers, id);
  assert.ok(position !== null);
  const layers = scene.layers.map((layer) => (layer.id === id ? { ...layer, ...fields } : layer));
  return SceneSchema.parse({ ...scene, layers });
}

export function compiledAt({ scene, stage }: Staged, atMs: number): readonly CompiledLayer[] {
  return compileScene({ scene, stage, takenAtMs: 0 }).layersAt(atMs);
}

/** What is drawn, bottom to top: those that are visible, and those that leave. */
export function drawnAt(staged: Staged, atMs: number): Layer[] {
  return compiledAt(staged, atMs)
    .map((compiled) => compiled.at(atMs, atMs, SILENCE))
    .filter(({ visible }) => visible);
}

/** One layer as it is drawn. */
export function layerAt(staged: Staged, id: string, atMs: number): Layer {
  const layer = drawnAt(staged, atMs).find((one) => one.id === id);
  assert.ok(layer !== undefined, `${id} is not drawn at ${atMs}`);
  return layer;
}
