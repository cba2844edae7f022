import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { RenderPool, type Renderer } from '../../src/compositor/render-pool.js';
import { UnpacedRun } from '../../src/still/unpaced-run.js';
import { createTestProgram, InThreadRenderer, sceneFrom, snapshotOf } from '../support/engine.js';

/** Large enough for every frame to keep all threads at work. */
const SIZE = { widthPx: 1280, heightPx: 720 };
const FRAMES = 60;

/** Some frames have something to be painted and some have not, and all show what others had painted. */
const scene = sceneFrom({
  id: 's',
  width: SIZE.widthPx,
  height: SIZE.heightPx,
  layers: [
    {
      id: 'turns',
      type: 'shape',
      shape: 'rectangle',
      width: 900,
      height: 600,
      fill: '#24c',
      x: 640,
      y: 360,
      anchor: { x: 0.5, y: 0.5 },
      animations: [
        {
          property: 'rotation',
          repeat: 'forever',
          keyframes: [
            { atMs: 0, value: 0 },
            { atMs: 3000, value: 360 },
          ],
        },
      ],
    },
    { id: 'timer', type: 'timer', format: 'ss.SSS', fontSize: 30, x: 8, y: 8 },
    {
      id: 'grows',
      type: 'shape',
      shape: 'star',
      x: 8,
      y: 60,
      width: 20,
      height: 40,
      animations: [
        {
          property: 'width',
          repeat: 'forever',
          alternate: true,
          keyframes: [
            { atMs: 0, value: 20, easing: 'hold' },
            { atMs: 100, value: 60 },
            { atMs: 150, value: 150 },
          ],
        },
      ],
    },
  ],
});

async function play(createRenderer: (memory: WebAssembly.Memory) => Renderer): Promise<string[]> {
  const program = createTestProgram({
    ...SIZE,
    createRenderer,
  });
  const hashes: string[] = [];
  const run = new UnpacedRun({
    program: program.engine,
    frameRate: { num: 60, den: 1 },
    frames: FRAMES,
    startWallTimeMs: 0,
    canAccept: () => true,
    accept: () => {
      hashes.push(createHash('sha256').update(program.frame()).digest('hex'));
    },
  });
  program.engine.compositor.show(snapshotOf(scene, {}));
  try {
    await run.run();
  } finally {
    await program.renderer.close();
  }
  return hashes;
}

test('frames that are drawn at once by several threads show all that others of them have painted', async () => {
  const expected = await play((memory) => new InThreadRenderer(memory));
  const seen = await play((memory) => new RenderPool(memory, 2));
  assert.deepEqual(seen, expected);
});
