import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
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

const SIZE = { widthPx: 320, heightPx: 180 };
const memory = createSharedMemory();
const referenceMemory = createSharedMemory();

before(registerShippedFonts);

function snapshotWith(layers: LayerInput[], revision = 1): SceneSnapshot {
  const { widthPx: width, heightPx: height } = SIZE;
  return snapshotOf(sceneFrom({ id: 's', width, height, layers }), { revision });
}

async function wholeFrame(layers: LayerInput[], wallTimeMs: number): Promise<Uint8Array> {
  const program = createTestProgram({
    ...SIZE,
    memory: referenceMemory,
    createRenderer: (of) => new InThreadRenderer(of),
  });
  await showScene(program, snapshotWith(layers));
  return playFrame(program, 0, wallTimeMs);
}

const TIMER: LayerInput = { id: 'timer', type: 'timer', format: 'ss.SSS', y: 120, fontSize: 40 };

function words(text: string): LayerInput {
  return { id: 'words', type: 'text', text, width: 300, height: 100, fontSize: 12, maxLines: 5 };
}

test('a text that takes several frames to set shows what it showed before, and all else goes on', async () => {
  const failed: unknown[] = [];
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new InThreadRenderer(of),
    paintsApart: true,
    onLayerFailed: (fault) => failed.push(fault),
  });
  const [short, long] = [words('Lot 42'), words('Two Lovers at Dusk, '.repeat(204))];
  // Fonts are open and code is compiled from here on: a frame that takes 100 ms to plan is cut off.
  for (const layer of [long, short]) await wholeFrame([layer, TIMER], 0);
  await showScene(program, snapshotWith([short, TIMER]));
  assert.deepEqual(await playFrame(program, 0, 0), await wholeFrame([short, TIMER], 0));
  await showScene(program, snapshotWith([long, TIMER], 2));
  const kinds: string[] = [];
  for (let n = 1; kinds.at(-1) !== 'long' && n < 20; n++) {
    const frame = await playFrame(program, n, n * 20);
    const before = await wholeFrame([short, TIMER], n * 20);
    const isBefore = Buffer.compare(frame, before) === 0;
    kinds.push(isBefore ? 'short' : 'long');
    if (!isBefore) assert.deepEqual(frame, await wholeFrame([long, TIMER], n * 20));
  }
  assert.deepEqual(kinds, ['short', 'short', 'long']);
  assert.deepEqual(failed, [], 'it is no fault of the layer');
});
