import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { playFrame, showScene } from '../support/engine.js';
import { area, createProgram, GOOD, snapshotWith, whole } from './faulty-program.js';

/** A shadow so wide that painting it is done in the background. */
function slow(fill: string): LayerInput {
  return area('slow', {
    x: 300,
    y: 300,
    width: 700,
    height: 500,
    fill,
    shadow: { blur: 90 },
    scale: 0.2,
    anchor: { x: 1, y: 1 },
  });
}

test('what is slow to paint comes when it is there, and until then shows what it showed', async () => {
  const program = createProgram();
  const placed = (fill: string): LayerInput => ({ ...slow(fill), x: 180, y: 120, scale: 1 });
  program.renderer.isHolding = true;
  await showScene(program, snapshotWith([placed('#f00'), GOOD]));
  for (const n of [0, 1, 2]) assert.deepEqual(await playFrame(program, n, n), await whole(GOOD));
  assert.deepEqual(program.aired, [], 'not all of it is to be seen');
  program.renderer.held.shift()?.();
  await turn();
  assert.deepEqual(await playFrame(program, 3, 3), await whole(placed('#f00'), GOOD));
  assert.deepEqual(program.aired, [1]);

  await showScene(program, snapshotWith([placed('#0f0')], 2));
  assert.deepEqual(await playFrame(program, 4, 4), await whole(placed('#f00')));
  assert.deepEqual(program.aired, [1]);
  program.renderer.held.shift()?.();
  await turn();
  assert.deepEqual(await playFrame(program, 5, 5), await whole(placed('#0f0')));
  assert.deepEqual(program.aired, [1, 2]);
  assert.deepEqual(program.told.failed, []);
});

test('what changes faster than it can be painted shows every paint that gets done', async () => {
  const program = createProgram();
  program.renderer.isHolding = true;
  const moving: LayerInput = {
    ...slow('#f00'),
    x: 180,
    y: 120,
    scale: 1,
    animations: [
      {
        property: 'fill',
        keyframes: [
          { atMs: 0, value: '#700' },
          { atMs: 300, value: '#fff' },
        ],
      },
    ],
  };
  await showScene(program, snapshotWith([moving]));
  const seen = new Set<string>();
  for (let n = 0; n < 12; n++) {
    seen.add(Buffer.from(await playFrame(program, n, n * 20)).toString('base64'));
    assert.ok(program.renderer.held.length <= 1, 'one paint at a time');
    if (n % 3 === 2) program.renderer.held.shift()?.();
    await turn();
  }
  assert.equal(seen.size, 4);
  assert.deepEqual(program.aired, [1]);
});

test('a group that is drawn into one bitmap waits for what is in it', async () => {
  const program = createProgram();
  program.renderer.isHolding = true;
  const group: LayerInput = {
    id: 'group',
    type: 'group',
    width: 192,
    height: 128,
    filters: [{ type: 'blur', radius: 2 }],
    layers: [{ ...slow('#f00'), x: 180, y: 120, scale: 1 }, area('inside', { x: 5, y: 5 })],
  };
  await showScene(program, snapshotWith([group, GOOD]));
  assert.deepEqual(await playFrame(program, 0, 0), await whole(GOOD));
  const expected = await whole(group, GOOD);
  for (let n = 1; ; n++) {
    program.renderer.held.shift()?.();
    await turn();
    const frame = await playFrame(program, n, n);
    if (Buffer.compare(frame, expected) === 0) return;
    assert.deepEqual(frame, await whole(GOOD), 'it is there as a whole or not at all');
    assert.ok(n < 6);
  }
});

test('a layer whose paint hangs is shut off as soon as that is known, and its memory kept until the thread is gone', async () => {
  const program = createProgram();
  let end = (): void => undefined;
  program.renderer.ending = new Promise((resolve) => {
    end = resolve;
  });
  const bad: LayerInput = { ...slow('#f00'), x: 180, y: 120, scale: 1, onError: 'hide' };
  await showScene(program, snapshotWith([bad, GOOD]));
  await playFrame(program, 0, 0);
  await turn();
  for (const n of [1, 2, 3]) assert.deepEqual(await playFrame(program, n, n), await whole(GOOD));
  assert.deepEqual(
    program.told.failed.map(({ reason }) => reason),
    ['It hung.'],
  );
  end();
});
