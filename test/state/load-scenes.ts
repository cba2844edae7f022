import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Command } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { sceneOf } from './samples.js';

/** The state after commands. */
export function apply(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((before, command) => reduce(before, command).state, state);
}

export function create(id: string, layers: LayerInput[]): Command {
  return { type: 'scene.create', scene: sceneOf({ id, layers }) };
}

/** `count` layers that show a scene. */
export function showing(scene: string, count: number): LayerInput[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `shown-${i}`,
    type: 'scene' as const,
    scene,
    width: 500,
    height: 500,
  }));
}

export function rectangles(count: number): LayerInput[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `box-${i}`,
    type: 'shape' as const,
    shape: 'rectangle' as const,
    fill: '#ff0000',
    x: (i % 40) * 40,
    y: Math.floor(i / 40) * 40,
    width: 30,
    height: 30,
  }));
}
