import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { BITMAP_HEADER_BYTES } from '../../src/memory/records.js';
import { createSharedMemory, JOB_SLOTS } from '../../src/memory/map.js';
import { RenderPool } from '../../src/compositor/render-pool.js';
import { PLAIN, toContent, type Content, type Drawing } from '../../src/render/content.js';
import type { JobTask, PaintReport } from '../../src/render/tasks.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';
import {
  createTestProgram,
  HeldRenderer,
  InThreadRenderer,
  playFrame,
  sceneFrom,
  showScene,
  snapshotOf,
  type HeldTask,
  type TestProgram,
} from '../support/engine.js';

const SIZE = { widthPx: 192, heightPx: 128 };
const memory = createSharedMemory();
const referenceMemory = createSharedMemory();

function snapshotWith(...layers: LayerInput[]): SceneSnapshot {
  const { widthPx: width, heightPx: height } = SIZE;
  return snapshotOf(sceneFrom({ id: 's', width, height, layers }));
}

async function wholeFrame(snapshot: SceneSnapshot, programTimeMs: number): Promise<Uint8Array> {
  const program = createTestProgram({
    ...SIZE,
    memory: referenceMemory,
    createRenderer: (of) => new InThreadRenderer(of),
  });
  await showScene(program, snapshot);
  return playFrame(program, 0, programTimeMs);
}

function createHeldProgram(): TestProgram<HeldRenderer> {
  return createTestProgram({ ...SIZE, memory, createRenderer: (of) => new HeldRenderer(of) });
}

function firstTask({ renderer }: TestProgram<HeldRenderer>): HeldTask {
  const [worker] = renderer.held;
  assert.ok(worker !== undefined);
  return worker;
}

function text(id: string, y: number): LayerInput {
  return { id, type: 'text', text: `text ${id}`, fontSize: 20, y };
}

/** Plans and takes frames from `n` on until one is on air. Render workers are answered as they come. */
async function recover(program: TestProgram<HeldRenderer>, n: number): Promise<Uint8Array> {
  const { engine, renderer } = program;
  for (let next = n; next < n + 5; next++) {
    engine.plan(next, 0);
    while (renderer.held.length > 0) {
      firstTask(program).run();
      await turn();
    }
    if (engine.take(next) !== 'late') return program.frame();
  }
  assert.fail('no frame was on air in five slots');
}

/** What is painted from a content whose drawing cannot be read. */
function broken(content: Content): Content {
  return {
    ...content,
    get drawing(): Drawing {
      throw new Error('This drawing cannot be painted.');
    },
  };
}

class FailingRenderer extends InThreadRenderer {
  /** Contents of this width cannot be painted. */
  override renderJob(task: JobTask): Promise<readonly PaintReport[]> {
    const paints = task.paints.map(({ offset, content }) => ({
      offset,
      content: content.boxWidth === 77 ? broken(content) : content,
    }));
    return super.renderJob({ ...task, paints });
  }
}

test('a painting that fails leaves its layer out, and the frame is whole', async () => {
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new FailingRenderer(of),
  });
  const good = { ...text('good', 40), id: 'good' };
  const bad: LayerInput = {
    id: 'bad',
    type: 'shape',
    shape: 'ellipse',
    width: 77,
    height: 50,
    onError: 'hide',
  };
  await showScene(program, snapshotWith(bad, good));
  const expected = await wholeFrame(snapshotWith(good), 0);
  for (const n of [0, 1, 2]) assert.deepEqual(await playFrame(program, n, n), expected);
});

test('a thread that dies costs frames, not the picture: the next one is whole', async () => {
  const program = createHeldProgram();
  const snapshot = snapshotWith(text('a', 10), text('b', 60));
  await showScene(program, snapshot);
  program.engine.plan(0, 0);
  while (program.renderer.held.length > 0) firstTask(program).die();
  await turn();
  assert.equal(program.engine.take(0), 'late');
  assert.deepEqual(await recover(program, 1), await wholeFrame(snapshot, 0));
});

test('paints of every frame that a dying thread had with it are painted anew', async () => {
  const program = createHeldProgram();
  await showScene(program, snapshotWith(text('a', 10)));
  program.engine.plan(0, 0);
  const snapshot = snapshotWith(text('a', 10), text('b', 60));
  await showScene(program, snapshot);
  program.engine.plan(1, 0);
  // Both frames' render workers were at the same thread.
  while (program.renderer.held.length > 0) firstTask(program).die();
  await turn();
  assert.deepEqual(await recover(program, 2), await wholeFrame(snapshot, 0));
});

test('paints that die after a reset are painted anew', async () => {
  const program = createHeldProgram();
  const snapshot = snapshotWith(text('a', 10), text('b', 60));
  await showScene(program, snapshot);
  program.engine.plan(0, 0);
  program.engine.reset();
  while (program.renderer.held.length > 0) firstTask(program).die();
  await turn();
  assert.deepEqual(await recover(program, 0), await wholeFrame(snapshot, 0));
});

const BYTES_PER_PX = 4;

/** Takes all picture memory there is, and says whether any of it is where `task` paints. */
function overlapsWhenFull({ bitmaps }: TestProgram<HeldRenderer>, task: JobTask): boolean {
  let count = 0;
  const isOverlapping = (sidePx: number): boolean => {
    const size = { width: sidePx, height: sidePx };
    for (;;) {
      const fill = `rgb(${count++} 0 0)`;
      const bitmap = bitmaps.get(toContent({ kind: 'rectangle', fill }, PLAIN, size, 1));
      if (bitmap === null) return false;
      bitmap.uses += 1;
      const start = bitmap.offset - BITMAP_HEADER_BYTES;
      const end = bitmap.offset + sidePx * sidePx * BYTES_PER_PX;
      if (task.paints.some(({ offset }) => offset >= start && offset < end)) return true;
    }
  };
  return [1024, 128, 16].some(isOverlapping);
}

test('the place of a bitmap is not given away while a lane of a frame that was given up may paint it', async () => {
  const program = createHeldProgram();
  await showScene(program, snapshotWith(text('a', 10), text('b', 60)));
  program.engine.plan(0, 0);
  const { task } = firstTask(program);
  program.engine.reset();
  assert.ok(program.engine.compositor.freeSlots < JOB_SLOTS, 'the lane is still at work');
  assert.equal(overlapsWhenFull(program, task), false);
});

test('the place of a bitmap is not given away while another lane of a lost frame may paint it', async () => {
  const program = createTestProgram({
    widthPx: 640,
    heightPx: 480,
    memory,
    createRenderer: (of) => new HeldRenderer(of),
  });
  await showScene(program, snapshotWith(text('a', 10), text('b', 60)));
  program.engine.plan(0, 0);
  assert.ok(program.renderer.held.length >= 2, 'two lanes are at work');
  const { task } = firstTask(program);
  firstTask(program).die();
  await turn();
  program.engine.take(0);
  program.engine.plan(1, 0);
  program.engine.reset();
  assert.equal(overlapsWhenFull(program, task), false);
});

test('render threads that are ended while frames are on their way cost frames, never a wrong one', async () => {
  const snapshot = snapshotWith(
    {
      ...text('a', 10),
      animations: [
        {
          property: 'fontSize',
          keyframes: [
            { atMs: 0, value: 10 },
            { atMs: 3000, value: 60 },
          ],
        },
      ],
    },
    { id: 'timer', type: 'timer', format: 'ss.SSS', y: 60, fontSize: 30, shadow: {} },
  );
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new RenderPool(of, 2),
  });
  const { engine, renderer } = program;
  const timeOf = (n: number): number => n * 20;
  try {
    await showScene(program, snapshot);
    let aired = 0;
    for (let n = 0; n < 60; n += 3) {
      for (const ahead of [0, 1, 2]) engine.plan(n + ahead, timeOf(n + ahead));
      if (n % 12 === 3) void renderer.threads[n % 2]?.terminate();
      for (const ahead of [0, 1, 2]) {
        // What a thread had with it that was ended never comes: the frame is waited for as long as any is at work.
        while (!engine.isComplete(n + ahead) && engine.compositor.isDrawing) await sleep(1);
        const outcome = engine.take(n + ahead);
        if (outcome === 'late') continue;
        aired += 1;
        const expected = await wholeFrame(snapshot, timeOf(n + ahead));
        assert.deepEqual(program.frame(), expected, `frame ${n + ahead}`);
      }
    }
    assert.ok(aired >= 30, `${aired} of 60 frames were on air`);
  } finally {
    await renderer.close();
  }
});
