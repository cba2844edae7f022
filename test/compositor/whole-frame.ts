import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';
import {
  createTestProgram,
  InThreadRenderer,
  playFrame,
  sceneFrom,
  showScene,
  snapshotOf,
} from '../support/engine.js';

/** Scenes as a program shows them that has all the time it needs: what others are compared with. */

export const SIZE = { widthPx: 320, heightPx: 180 };
export const referenceMemory = createSharedMemory();

/** Shows at once whether frames go on. */
export const TIMER: LayerInput = {
  id: 'timer',
  type: 'timer',
  format: 'ss.SSS',
  y: 120,
  fontSize: 40,
};

export function snapshotWith(layers: LayerInput[], revision = 1): SceneSnapshot {
  const { widthPx: width, heightPx: height } = SIZE;
  return snapshotOf(sceneFrom({ id: 's', width, height, layers }), { revision });
}

export async function wholeFrame(layers: LayerInput[], programTimeMs: number): Promise<Uint8Array> {
  const program = createTestProgram({
    ...SIZE,
    memory: referenceMemory,
    createRenderer: (of) => new InThreadRenderer(of),
  });
  await showScene(program, snapshotWith(layers));
  return playFrame(program, 0, programTimeMs);
}
