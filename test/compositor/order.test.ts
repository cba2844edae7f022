import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSharedMemory } from '../../src/memory/map.js';
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

const SIZE = { widthPx: 128, heightPx: 96 };
const memory = createSharedMemory();
const otherMemory = createSharedMemory();

function createProgram(shared: WebAssembly.Memory): TestProgram<InThreadRenderer> {
  return createTestProgram({
    ...SIZE,
    memory: shared,
    createRenderer: (of) => new InThreadRenderer(of),
  });
}

/** Discs that lie over each other in part, and one that lies apart. */
const DISCS: readonly LayerInput[] = ['#f00', '#0f0', '#00f', '#ff0', '#0ff', '#f0f'].map(
  (fill, i) => ({
    id: `disc-${i}`,
    type: 'shape',
    shape: 'ellipse',
    x: i === 5 ? 96 : i * 13,
    y: i === 5 ? 64 : (i * 29) % 50,
    width: 40,
    height: 40,
    fill,
  }),
);

function sceneOf(order: readonly number[]): Scene {
  const layers = order.flatMap((i) => DISCS[i] ?? []);
  return sceneFrom({ id: 's', width: SIZE.widthPx, height: SIZE.heightPx, layers });
}

const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 2 });

test('layers that change their order look as if they had always been in it', async () => {
  const program = createProgram(memory);
  const reference = createProgram(otherMemory);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(orders, { minLength: 2, maxLength: 5 }), async (list) => {
      for (const order of list) {
        const snapshot = snapshotOf(sceneOf(order));
        await showScene(program, snapshot);
        const found = await playFrame(program, n++, 0);
        reference.engine.reset();
        await showScene(reference, snapshot);
        assert.deepEqual(found, await playFrame(reference, 0, 0), order.join(' '));
      }
    }),
    { numRuns: 150 },
  );
});

const MOVING: readonly LayerInput[] = [
  {
    id: 'disc',
    type: 'shape',
    shape: 'ellipse',
    width: 30,
    height: 30,
    fill: '#f80',
    animations: [
      {
        property: 'x',
        repeat: 'forever',
        alternate: true,
        keyframes: [
          { atMs: 0, value: 0, easing: 'ease-in-out' },
          { atMs: 700, value: 90 },
        ],
      },
    ],
  },
  {
    id: 'square',
    type: 'shape',
    shape: 'rectangle',
    width: 20,
    height: 20,
    x: 60,
    y: 60,
    anchor: { x: 0.5, y: 0.5 },
    blend: 'difference',
    animations: [
      {
        property: 'rotation',
        repeat: 'forever',
        keyframes: [
          { atMs: 0, value: 0 },
          { atMs: 900, value: 360 },
        ],
      },
    ],
  },
  { id: 'timer', type: 'timer', format: 's.cc', fontSize: 20, x: 10, y: 40 },
  { id: 'ticker', type: 'ticker', text: 'round and round', width: 128, height: 20, y: 70 },
];

test('a frame has the same bytes in order, out of order, again, and in a program that knows no other', async () => {
  const { widthPx: width, heightPx: height } = SIZE;
  const snapshot = snapshotOf(sceneFrom({ id: 's', width, height, layers: [...MOVING] }));
  const timeOf = (n: number): number => (n * 1000) / 30;
  const inOrder: Uint8Array[] = [];
  const program = createProgram(memory);
  await showScene(program, snapshot);
  for (let n = 0; n < 40; n++) inOrder.push(await playFrame(program, n, timeOf(n)));
  assert.notDeepEqual(inOrder[3], inOrder[30]);

  for (const n of [39, 3, 17, 17, 0, 30, 16, 38]) {
    program.engine.reset();
    assert.deepEqual(await playFrame(program, n, timeOf(n)), inOrder[n], `frame ${n} again`);
    const stranger = createProgram(otherMemory);
    await showScene(stranger, snapshot);
    assert.deepEqual(await playFrame(stranger, n, timeOf(n)), inOrder[n], `frame ${n} alone`);
  }
});

test('nothing is drawn when nothing changes, and little when little does', async () => {
  const program = createProgram(memory);
  const { engine } = program;
  await showScene(program, snapshotOf(sceneOf([0, 1, 2, 3])));
  await playFrame(program, 0, 0);
  engine.plan(1, 20);
  assert.ok(engine.isComplete(1), 'a frame without a change is there at once');
  assert.equal(engine.take(1), 'unchanged');
  // The same document again, as a new object.
  await showScene(program, snapshotOf(sceneOf([0, 1, 2, 3]), { revision: 2 }));
  engine.plan(2, 40);
  assert.equal(engine.take(2), 'unchanged');
});
