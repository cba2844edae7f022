import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import type { FrameLease } from '../../src/stitcher/playout.js';
import type { Scene } from '../../src/scene/schema/scene.js';
import { InThreadRenderer, renderStill, sceneFrom, snapshotOf } from '../support/engine.js';
import { openPacedProgram } from '../support/paced-program.js';

const FRAME_RATE = { num: 25, den: 1 };

function sceneOf(id: string, width: number, height: number, fill: string): Scene {
  return sceneFrom({
    id,
    width,
    height,
    layers: [
      { id: 'ground', type: 'shape', shape: 'rectangle', width, height, fill },
      { id: 'words', type: 'text', text: id, fontSize: 120, x: 100, y: height / 2 },
    ],
  });
}

const CANVASES = [
  { scene: sceneOf('wide', 1920, 1080, '#803020'), width: 1920, height: 1080 },
  { scene: sceneOf('tall', 1080, 1920, '#203080'), width: 1080, height: 1920 },
];

/** The first picture that a canvas sends once its scene is on air, by its own clock. */
async function play({ scene, width, height }: (typeof CANVASES)[number]): Promise<Buffer> {
  const memory = createSharedMemory();
  const { compositor, playout } = await openPacedProgram({
    memory,
    format: { widthPx: width, heightPx: height, frameRate: FRAME_RATE },
    renderer: new InThreadRenderer(memory, 1),
  });
  after(() => {
    playout.close();
    compositor.close();
  });
  compositor.show(snapshotOf(scene), []);
  await playout.preroll();
  return await new Promise((resolve) => {
    playout.start({
      begin: () => undefined,
      canAccept: () => true,
      send: (n: number, lease: FrameLease) => {
        if (n === 10) resolve(Buffer.from(lease.picture));
        lease.release();
        return true;
      },
    });
  });
}

test('two canvases of different sizes run beside each other, each with its own scene, clock and memory', async () => {
  const pictures = await Promise.all(CANVASES.map(play));
  for (const [i, { scene, width, height }] of CANVASES.entries()) {
    const { i420 } = await renderStill(scene, { width, height, timeMs: 400 });
    assert.deepEqual(pictures[i]?.equals(i420), true, `${scene.id} is as it is alone`);
  }
});
