import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { createTestProgram, playFrame, showScene } from '../support/engine.js';
import {
  area,
  BAD,
  createProgram,
  FaultyRenderer,
  GOOD,
  memory,
  playUntil,
  snapshotWith,
  whole,
} from './faulty-program.js';

async function showsInstead(
  bad: LayerInput,
  seen: readonly LayerInput[],
  others: readonly LayerInput[] = [],
): Promise<void> {
  const program = createProgram();
  await showScene(program, snapshotWith([...others, bad, GOOD]));
  const expected = await whole(...seen, GOOD);
  const n = await playUntil(program, 0, expected);
  for (const next of [n + 1, n + 2])
    assert.deepEqual(await playFrame(program, next, next * 20), expected);
  assert.deepEqual(
    program.told.failed.map(({ sceneId, layerId }) => [sceneId, layerId]),
    [['s', 'bad']],
  );
  assert.match(program.told.failed[0]?.reason ?? '', /cannot be painted/);
}

const PLACE: LayerInput = {
  id: 'place',
  type: 'image',
  asset: 'none',
  width: BAD.width,
  height: BAD.height,
  x: BAD.x,
  y: BAD.y,
};

test('of a layer that cannot be painted, its place is marked', async () => {
  await showsInstead(area('bad', BAD), [PLACE]);
});

test('a layer that cannot be painted is left out when its policy is to hide it', async () => {
  await showsInstead(area('bad', { ...BAD, onError: 'hide' }), []);
});

test('another layer stands in for one that cannot be painted, though it is hidden itself', async () => {
  const other = area('other', { x: 30, y: 20, fill: '#f0f', visible: false });
  const bad = area('bad', { ...BAD, onError: 'fallback', fallback: 'other' });
  await showsInstead(bad, [{ ...other, visible: true }], [other]);
});

test('the place of a layer is marked when the one that should stand in for it is not there', async () => {
  await showsInstead(area('bad', { ...BAD, onError: 'fallback', fallback: 'gone' }), [PLACE]);
});

test('layers that stand in for each other do so once', async () => {
  const program = createProgram();
  const bad = area('bad', { ...BAD, onError: 'fallback', fallback: 'worse' });
  const worse = area('worse', { ...BAD, fill: '#00f', onError: 'fallback', fallback: 'bad' });
  await showScene(program, snapshotWith([bad, { ...worse, visible: false }, GOOD]));
  await playUntil(program, 0, await whole(PLACE, GOOD));
});

for (const isLive of [true, false])
  test(`the place of a layer that has become another type is marked as large as it is now, ${isLive ? 'live' : 'in frames that stand for themselves'}`, async () => {
    const program = createTestProgram({
      widthPx: 192,
      heightPx: 128,
      memory,
      createRenderer: (of) => new FaultyRenderer(of),
      paintsInBackground: isLive,
    });
    await showScene(program, snapshotWith([{ id: 'bad', type: 'group', layers: [] }]));
    await playFrame(program, 0, 0);
    // Its modules would be too small to be drawn.
    const size = { width: 8, height: 8, x: 10, y: 10 };
    const code: LayerInput = { ...size, id: 'bad', type: 'qr', text: 'a' };
    await showScene(program, snapshotWith([code], 2));
    const expected = await whole({ ...size, id: 'bad', type: 'image', asset: 'none' });
    await playUntil(program, 1, expected);
  });

test('a layer that cannot be painted any more goes on showing what it showed', async () => {
  const program = createProgram();
  const good = area('bad', { ...BAD, width: 60, onError: 'hold' });
  await showScene(program, snapshotWith([good, GOOD]));
  await playFrame(program, 0, 0);
  await showScene(program, snapshotWith([area('bad', { ...BAD, onError: 'hold' }), GOOD], 2));
  const n = await playUntil(program, 1, await whole(good, GOOD));
  await playFrame(program, n + 1, 20 * (n + 1));
  assert.equal(program.told.failed.length, 1);
});

test('a layer that cannot be laid out costs the others nothing, and comes back when it is mended', async () => {
  const program = createProgram();
  const text: LayerInput = { id: 'bad', type: 'text', text: 'here', onError: 'hide' };
  const snapshot = snapshotWith([text, GOOD]);
  const [layer, good] = snapshot.scene?.layers ?? [];
  assert.ok(layer !== undefined && good !== undefined && snapshot.scene !== null);
  let isBroken = true;
  const throwing = Object.defineProperty({ ...layer }, 'text', {
    enumerable: true,
    get: () => {
      if (isBroken) throw new Error('This text cannot be read.');
      return 'there';
    },
  });
  program.engine.compositor.show({
    ...snapshot,
    scene: { ...snapshot.scene, layers: [throwing, good] },
  });
  for (const n of [0, 1, 2]) assert.deepEqual(await playFrame(program, n, n), await whole(GOOD));
  assert.equal(program.told.failed.length, 1);
  assert.match(program.told.failed[0]?.reason ?? '', /cannot be read/);
  isBroken = false;
  program.engine.compositor.show({ ...snapshot, revision: 2 });
  assert.deepEqual(await playFrame(program, 3, 3), await whole(text, GOOD));
  assert.equal(program.told.recovered.length, 1);
  assert.deepEqual(program.engine.compositor.planner.guard.off, []);
});

test('a layer that is off costs nothing until it is tried again, and is told of once', async () => {
  const program = createProgram();
  const bad = area('bad', { ...BAD, onError: 'hide' });
  await showScene(program, snapshotWith([bad]));
  const n = await playUntil(program, 0, await whole());
  await playFrame(program, n + 1, 20 * (n + 1));
  const [off] = program.engine.compositor.planner.guard.off;
  assert.ok(off?.retryAtMs != null);
  program.renderer.isBroken = false;
  await playFrame(program, n + 2, off.retryAtMs - 1);
  assert.equal(program.told.recovered.length, 0);
  for (const next of [n + 3, n + 4]) {
    await playFrame(program, next, off.retryAtMs + next);
    await turn();
  }
  assert.deepEqual(program.frame(), await whole(bad));
  assert.deepEqual([program.told.failed.length, program.told.recovered.length], [1, 1]);
});

test('trials that fail are made at longer and longer intervals, without being told of', async () => {
  const program = createProgram();
  await showScene(program, snapshotWith([area('bad', { ...BAD, onError: 'hide' })]));
  const retries = new Set<number>();
  for (let n = 0; n < 200; n++) {
    await playFrame(program, n, n * 50);
    await turn();
    for (const { retryAtMs } of program.engine.compositor.planner.guard.off)
      retries.add(retryAtMs ?? 0);
  }
  const intervals = [...retries].map((at, i, all) => at - (all[i - 1] ?? at)).slice(1);
  assert.ok(intervals.length >= 2 && intervals.length <= 4, intervals.join());
  assert.ok(intervals.every((interval, i) => interval >= 1.8 * (intervals[i - 1] ?? 1000)));
  assert.equal(program.told.failed.length, 1);
});

test('a layer whose paints take longer than its limit again and again is shut off', async () => {
  const program = createProgram();
  program.renderer.tookMs = 6000;
  const timer: LayerInput = { id: 'timer', type: 'timer', format: 'ss.SSS', timeLimitMs: 5000 };
  await showScene(program, snapshotWith([{ ...timer, onError: 'hide' }, GOOD]));
  for (let n = 0; n < 8; n++) {
    await playFrame(program, n, n * 20);
    await turn();
  }
  assert.deepEqual(program.frame(), await whole(GOOD));
  assert.equal(program.told.failed.length, 1);
  assert.match(program.told.failed[0]?.reason ?? '', /6000 ms.*timeLimitMs of 5000 ms/);
  // It is fast again by the time of its trial, and has recovered once a frame needs no digit that is new.
  program.renderer.tookMs = 1;
  for (let n = 8; n < 30; n++) {
    await playFrame(program, n, 50_000 + n);
    await turn();
  }
  assert.equal(program.told.recovered.length, 1);
});

test('one slow paint shuts nothing off', async () => {
  const program = createProgram();
  program.renderer.tookMs = 60_000;
  await showScene(program, snapshotWith([area('slow', { timeLimitMs: 5000 })]));
  for (let n = 0; n < 8; n++) await playFrame(program, n, n * 20);
  assert.deepEqual(program.told.failed, []);
});

test('a picture that is missing follows its policy at once, and is told of when it stays away', async () => {
  const program = createProgram();
  const picture: LayerInput = {
    id: 'bad',
    type: 'image',
    asset: 'none',
    width: 40,
    height: 40,
    onError: 'fallback',
    fallback: 'other',
  };
  const other = area('other', { visible: false });
  await showScene(program, snapshotWith([other, picture]));
  const expected = await whole({ ...other, visible: true });
  assert.deepEqual(await playFrame(program, 0, 0), expected);
  assert.deepEqual(program.told.failed, []);
  for (const [n, atMs] of [1999, 2000, 2100].entries())
    assert.deepEqual(await playFrame(program, n + 1, atMs), expected);
  assert.deepEqual(
    program.told.failed.map(({ layerId, retryAtMs }) => [layerId, retryAtMs]),
    [['bad', null]],
  );
});

test('a frame that stands for itself shows what stands in for a layer that fails, too', async () => {
  const program = createTestProgram({
    widthPx: 192,
    heightPx: 128,
    memory,
    createRenderer: (of) => new FaultyRenderer(of),
  });
  await showScene(program, snapshotWith([area('bad', BAD), GOOD]));
  await playFrame(program, 0, 0);
  for (const n of [1, 2])
    assert.deepEqual(await playFrame(program, n, n * 5000), await whole(PLACE, GOOD));
});
