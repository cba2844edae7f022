import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadTimeMs } from '../../src/core/thread-time.js';
import { JOB_ITEMS, MAX_ITEMS } from '../../src/memory/records.js';
import type { LayerFault } from '../../src/compositor/faults/layer-entry.js';
import {
  FrameRoom,
  FRAME_ROOM,
  ItemRoom,
  OVERTIME,
} from '../../src/compositor/faults/frame-room.js';
import { predictCost } from '../../src/compositor/cost/predict-cost.js';
import { LOAD_LIMITS } from '../../src/scene/limits.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Scene } from '../../src/scene/schema/scene.js';
import {
  createTestProgram,
  InThreadRenderer,
  playFrame,
  sceneFrom,
  showScene,
  snapshotOf,
  type TestProgram,
} from '../support/engine.js';

/** Scenes that no change makes any more: those that an older version has stored are still shown. */

const SIZE = 64;

/** On air, or where every frame is whole: then it takes the time that it takes. */
function program(
  onLayerFailed: (fault: LayerFault) => void,
  paintsInBackground = true,
): TestProgram<InThreadRenderer> {
  return createTestProgram({
    widthPx: SIZE,
    heightPx: SIZE,
    onLayerFailed,
    paintsInBackground,
    createRenderer: (memory) => new InThreadRenderer(memory),
  });
}

function box(id: string, x: number, y: number, fields: object = {}): LayerInput {
  return {
    id,
    type: 'shape',
    shape: 'rectangle',
    x,
    y,
    width: 8,
    height: 8,
    fill: '#ffffff',
    ...fields,
  };
}

function sceneOf(id: string, layers: LayerInput[]): Scene {
  return sceneFrom({ id, width: SIZE, height: SIZE, layers });
}

function showing(scene: string, count: number, fields: object = {}): LayerInput[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `shown-${i}`,
    type: 'scene' as const,
    scene,
    onError: 'hide' as const,
    width: SIZE,
    height: SIZE,
    x: i % 2,
    ...fields,
  }));
}

/** The scenes n0 to n7: ten million rectangles. */
function tenfold(fields: object): Record<string, Scene> {
  const scenes: Record<string, Scene> = { n0: sceneOf('n0', [box('box', 40, 40)]) };
  for (let i = 1; i <= 7; i++) scenes[`n${i}`] = sceneOf(`n${i}`, showing(`n${i - 1}`, 10, fields));
  return scenes;
}

test('a scene of ten million layers goes on air without those that are too much, which is told of', async () => {
  const faults: LayerFault[] = [];
  const live = program((fault) => faults.push(fault));
  const scene = sceneOf('top', [box('own', 0, 0), ...showing('n6', 2)]);
  await showScene(live, snapshotOf(scene, { nested: tenfold({}) }));
  for (let n = 0; n < 3; n++) {
    const luma = await playFrame(live, n, n * 17);
    assert.equal(luma[4 * SIZE + 4], 235);
    assert.equal(luma[44 * SIZE + 44], 16);
  }
  assert.deepEqual(
    faults.map(({ layerId }) => layerId),
    ['shown-0', 'shown-1'],
  );
  for (const { reason } of faults)
    assert.match(reason, /would need 2111111 layers .* limit of 2000 per scene/);
});

test('scenes in scenes that are out of sight hold up nothing, however many they show', async () => {
  const live = program(() => undefined);
  const scene = sceneOf('top', [box('own', 0, 0), ...showing('n6', 3, { visible: false })]);
  await showScene(live, snapshotOf(scene, { nested: tenfold({}) }));
  assert.equal((await playFrame(live, 0, 0))[4 * SIZE + 4], 235);
});

test('what is above the limit is left out from the top, and the rest is drawn', async () => {
  const faults: LayerFault[] = [];
  const live = program((fault) => faults.push(fault), false);
  const many = sceneOf(
    'many',
    Array.from({ length: 200 }, (_, i) => box(`b${i}`, i % 50, 0)),
  );
  const scene = sceneOf('wall', [...showing('many', 50), box('last', 40, 40)]);
  await showScene(live, snapshotOf(scene, { nested: { many } }));
  const luma = await playFrame(live, 0, 0);
  assert.equal(luma[4 * SIZE + 4], 235);
  assert.equal(luma[44 * SIZE + 44], 235, 'a small layer on top still has room');
  const fits = Math.floor(LOAD_LIMITS.layers / 201);
  assert.deepEqual(
    faults.map(({ layerId }) => layerId),
    Array.from({ length: 50 - fits }, (_, i) => `shown-${i + fits}`),
  );
});

test('layers that are drawn in more parts than a frame has room for are left out from the top', async () => {
  const faults: LayerFault[] = [];
  const live = program((fault) => faults.push(fault), false);
  const mask = { type: 'shape', shape: 'ellipse' };
  const masked = sceneOf(
    'masked',
    Array.from({ length: 480 }, (_, i) => box(`b${i}`, i % 50, 0, { mask, opacity: 0.9 })),
  );
  const layers = [...showing('masked', 4), box('last', 40, 40)];
  await showScene(live, snapshotOf(sceneOf('s', layers), { nested: { masked } }));
  const luma = await playFrame(live, 0, 0);
  assert.equal(luma[44 * SIZE + 44], 235);
  assert.deepEqual(
    faults.map(({ layerId }) => layerId),
    ['shown-2', 'shown-3'],
  );
  for (const { reason } of faults) assert.match(reason, /would need 2881 draw items/);
  const view = new DataView(live.memory.buffer);
  for (const offset of live.map.jobOffsets)
    assert.ok(view.getInt32(offset + JOB_ITEMS, true) <= MAX_ITEMS);
});

test('what a scene of ten million layers would cost is found out all the same', () => {
  const snapshot = snapshotOf(sceneOf('top', showing('n6', 10)), { nested: tenfold({}) });
  const request = { snapshot, programTimeMs: 0, width: SIZE, height: SIZE };
  predictCost({ ...request, frameDurationMs: 17, threads: 2 }, 1);
});

test('layers have no time left when planning takes longer than it may, and have failed when it always does', () => {
  let nowMs = 0;
  const clocks = { monotonicMs: () => nowMs, spentMs: () => nowMs };
  const room = new FrameRoom(true, clocks);
  for (let frame = 0; frame < OVERTIME.window; frame++) {
    room.begin();
    assert.equal(room.isOver, false);
    assert.equal(room.isOftenOver, frame >= OVERTIME.strikes, `frame ${frame}`);
    nowMs += FRAME_ROOM.planMs / 2 + 1;
    assert.equal(room.isOver, false);
    nowMs += FRAME_ROOM.planMs / 2 + 1;
    assert.equal(room.isOver, true);
  }
  const items = new ItemRoom();
  assert.equal(items.take(FRAME_ROOM.items), null);
  assert.match(items.take(1) ?? '', /1 parts, and a frame has room for/);
  room.begin();
  for (let layer = 0; layer < FRAME_ROOM.layers; layer++) assert.equal(room.takeLayer(), null);
  assert.match(room.takeLayer() ?? '', /at most \d+ layers/);
  const untimed = new FrameRoom(false, { ...clocks, monotonicMs: () => (nowMs += 1e6) });
  untimed.begin();
  assert.equal(untimed.isOver, false);
});

test('a frame loses no layer because the machine gives the thread no time to plan it', () => {
  let [nowMs, spentMs] = [0, 7000];
  const room = new FrameRoom(true, { monotonicMs: () => nowMs, spentMs: () => spentMs });
  room.begin();
  for (let layer = 0; layer < 10; layer++) {
    nowMs += 1000;
    spentMs += 1;
    assert.equal(room.isOver, false, `layer ${layer}`);
  }
});

test(
  'a thread knows how long it has worked, not how long it has waited',
  { skip: threadTimeMs() === null },
  () => {
    const before = threadTimeMs() ?? NaN;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    const waited = threadTimeMs() ?? NaN;
    assert.ok(waited - before < 150, `${waited - before} ms`);
    for (let i = 0; (threadTimeMs() ?? NaN) < waited + 50; i++)
      assert.ok(i < 1e7, 'it stands still');
  },
);
