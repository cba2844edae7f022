import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSharedMemory } from '../../src/memory/map.js';
import { RenderPool } from '../../src/compositor/render-pool.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';
import { snapshotOf } from '../support/engine.js';
import { openPacedProgram, type PacedProgram } from '../support/paced-program.js';
import { until } from '../support/until.js';

/** A program of two pictures that take turns, so that every frame can be told to be one or the other, or broken. */
const SCENE = SceneSchema.parse({
  id: 'two',
  layers: [
    {
      id: 'ground',
      type: 'shape',
      shape: 'rectangle',
      width: 1920,
      height: 1080,
      animations: [
        {
          property: 'fill',
          repeat: 'forever',
          keyframes: [
            { atMs: 0, value: '#803020', easing: 'hold' },
            { atMs: 100, value: '#203080', easing: 'hold' },
            { atMs: 200, value: '#803020' },
          ],
        },
      ],
    },
    { id: 'words', type: 'text', text: 'All of it, or nothing', fontSize: 120, x: 200, y: 400 },
  ],
});
const FORMAT = { widthPx: 640, heightPx: 360, frameRate: { num: 30, den: 1 } };
const DEATHS = 4;
const THREADS = 2;

const memory = createSharedMemory();
let pool: RenderPool;
let program: PacedProgram;
before(async () => {
  registerShippedFonts();
  pool = new RenderPool(memory, THREADS);
  program = await openPacedProgram({ memory, format: FORMAT, renderer: pool });
});
after(async () => {
  program.playout.close();
  program.compositor.close();
  await sleep(100);
  await pool.close();
});

test('a render thread that dies costs frames at most, and never a part of a picture', async () => {
  const seen: string[] = [];
  const { compositor, playout } = program;
  compositor.show(snapshotOf(SCENE, { takenAtMs: Date.now() }), []);
  await playout.preroll();
  playout.start({
    begin: () => undefined,
    canAccept: () => true,
    send: (_n, lease) => {
      seen.push(createHash('sha1').update(lease.picture).digest('hex'));
      lease.release();
      return true;
    },
  });
  const changesSince = (index: number): number =>
    seen.slice(index).filter((hash, i, all) => i > 0 && hash !== all[i - 1]).length;
  await until('both pictures are shown', () => changesSince(0) >= 6);
  const whole = new Set(seen);
  assert.equal(whole.size, 2);

  for (let death = 0; death < DEATHS; death++) {
    const dead = pool.threads[0];
    assert.ok(dead !== undefined);
    const from = seen.length;
    await dead.terminate();
    await until('another thread is there', () => {
      return pool.threads.length === THREADS && !pool.threads.includes(dead);
    });
    await until('the program moves again', () => changesSince(from) >= 6);
  }

  playout.stop();
  assert.deepEqual(new Set(seen), whole, 'no picture was shown in parts');
  const { clock, rendered, unchanged, late, skipped } = playout.ledger;
  assert.equal(rendered + unchanged + late + skipped, clock);
  assert.equal(seen.length, clock, 'every slot was sent');
  assert.equal(skipped, 0);
});

test('render threads that die while they are starting are replaced, and those that come after them too', async () => {
  const young = new RenderPool(memory, THREADS);
  try {
    for (let death = 0; death < DEATHS; death++) {
      const dead = young.threads[0];
      assert.ok(dead !== undefined);
      await dead.terminate();
      await until('another thread is there', () => {
        return young.threads.length === THREADS && !young.threads.includes(dead);
      });
    }
  } finally {
    await young.close();
  }
});
