import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerFault } from '../../src/compositor/faults/layer-entry.js';
import { RenderPool, type BackgroundEnd } from '../../src/compositor/render-pool.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { PLAIN, toContent, toPictureContent } from '../../src/render/content.js';
import type { BackgroundPaint } from '../../src/render/tasks.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import {
  createTestProgram,
  playFrame,
  sceneFrom,
  showScene,
  snapshotOf,
  type TestProgram,
} from '../support/engine.js';
import { SIZE, snapshotWith, TIMER, wholeFrame } from './whole-frame.js';
import { eventually } from '../support/until.js';

/** With real render threads. No test here looks at how long anything takes: only at what is there before what. */

/** Milliseconds that a paint may take in the pool of these tests; what they have hang takes many times as long. */
const PAINT_LIMIT_MS = 300;

const memory = createSharedMemory();

/** Real threads; counts what is painted in the background, and how it ended. */
class CountingPool extends RenderPool {
  ordered = 0;
  readonly ends: BackgroundEnd['kind'][] = [];

  override async paintInBackground(task: BackgroundPaint): Promise<BackgroundEnd> {
    this.ordered += 1;
    const end = await super.paintInBackground(task);
    this.ends.push(end.kind);
    return end;
  }
}

let pool: CountingPool;
before(() => {
  registerShippedFonts();
  pool = new CountingPool(memory, 2, PAINT_LIMIT_MS);
});
after(() => pool.close());

type Program = TestProgram<CountingPool> & {
  readonly failed: LayerFault[];
  readonly recovered: LayerFault[];
};

function createProgram(): Program {
  const failed: LayerFault[] = [];
  const recovered: LayerFault[] = [];
  pool.ordered = 0;
  pool.ends.length = 0;
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: () => pool,
    paintsInBackground: true,
    onLayerFailed: (fault) => failed.push(fault),
    onLayerRecovered: (fault) => recovered.push(fault),
  });
  return { ...program, failed, recovered };
}

/** Shadows so wide and so many over an area so large that painting them takes seconds. */
const HANGING: LayerInput = {
  id: 'hanging',
  type: 'text',
  text: 'Slow',
  fontSize: 1000,
  x: 0,
  y: 0,
  onError: 'hide',
  shadow: Array.from({ length: 8 }, () => ({ x: 3, y: 3, blur: 500 })),
};

/** Enough to be painted in the background, and over in time. */
function slow(fill: string): LayerInput {
  return {
    id: 'slow',
    type: 'shape',
    shape: 'ellipse',
    x: 40,
    y: 20,
    width: 230,
    height: 130,
    fill,
    shadow: [{ blur: 60 }, { blur: 50, color: '#f00' }],
  };
}

test('frames go on while a paint takes its time: none waits for it', async () => {
  const program = createProgram();
  await showScene(program, snapshotWith([HANGING, TIMER]));
  for (let n = 0; pool.ends.length === 0; n++) {
    assert.deepEqual(await playFrame(program, n, n * 20), await wholeFrame([TIMER], n * 20));
    assert.ok(pool.ordered === 1);
  }
  assert.deepEqual(pool.ends, ['ended']);
});

test('a paint that hangs ends with its thread, its layer is shut off, and the next paint finds another thread', async () => {
  const program = createProgram();
  await showScene(program, snapshotWith([HANGING, TIMER]));
  await playFrame(program, 0, 0);
  await eventually(() => pool.ends.length > 0);
  assert.deepEqual(await playFrame(program, 1, 20), await wholeFrame([TIMER], 20));
  const [fault] = program.failed;
  assert.match(fault?.reason ?? '', /longer than 0.3 s/);
  assert.equal(fault?.retryAtMs, 20 + 1000);

  const layers = [HANGING, slow('#3a7'), TIMER];
  await showScene(program, snapshotWith(layers, 2));
  await playFrame(program, 2, 40);
  await eventually(() => pool.ends.length > 1);
  assert.deepEqual(pool.ends, ['ended', 'done']);
  assert.deepEqual(await playFrame(program, 3, 60), await wholeFrame(layers.slice(1), 60));
  assert.equal(program.failed.length, 1);
});

test('pictures that a thread was decoding when it was ended are decoded by the next one', async () => {
  const program = createProgram();
  const { map, bitmaps } = program;
  const content = toContent(
    { kind: 'rectangle', fill: '#fff' },
    { ...PLAIN, shadows: Array(8).fill({ x: 0, y: 0, blur: 512, color: '#000' }) },
    { width: 1500, height: 1000 },
    1,
  );
  const bitmap = bitmaps.get(content);
  assert.ok(bitmap !== null);
  const paint = { offset: bitmap.offset, content };
  const ending = pool.paintInBackground({ paint, scratchOffset: map.backgroundScratchOffset });
  const missing = toPictureContent(
    { contentHash: 'x', path: '/nowhere/at/all', range: null, part: null, chromaKey: null },
    8,
    8,
  );
  // It is asked for while the thread is at the paint, so it waits for it, and goes to the next one.
  const picture = pool.paintPicture({ offset: bitmap.offset, content: missing });
  await assert.rejects(picture, /ENOENT/);
  assert.equal((await ending).kind, 'ended');
});

test('what is slow to paint is there before a scene is shown that needs it', async () => {
  const program = createProgram();
  await showScene(program, snapshotWith([TIMER]));
  await playFrame(program, 0, 0);
  const group: LayerInput = {
    id: 'group',
    type: 'group',
    width: 320,
    height: 180,
    filters: [{ type: 'blur', radius: 3 }],
    layers: [slow('#37a'), { id: 'word', type: 'text', text: 'word', y: 100 }],
  };
  const layers = [slow('#3a7'), group, TIMER].map((layer, i) => ({
    ...layer,
    id: `${layer.id}${i}`,
  }));
  const { widthPx: width, heightPx: height } = SIZE;
  const scene = sceneFrom({ id: 'other', width, height, layers });
  const snapshot = snapshotOf(scene, { revision: 2 });
  const ahead = program.engine.compositor.preparation.paintAhead(snapshot, 20);
  assert.ok(ahead !== null);
  assert.deepEqual(await playFrame(program, 1, 20), await wholeFrame([TIMER], 20));
  await ahead;
  program.engine.compositor.show(snapshot);
  const { ordered } = pool;
  assert.deepEqual(await playFrame(program, 2, 40), await wholeFrame(layers, 40));
  assert.equal(pool.ordered, ordered, 'nothing was left to be painted apart');
});

test('a scene that is painted in no time is shown at once', async () => {
  const program = createProgram();
  await showScene(program, snapshotWith([]));
  assert.equal(program.engine.compositor.preparation.paintAhead(snapshotWith([TIMER], 2), 0), null);
});
