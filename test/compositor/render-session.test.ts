import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { InputPictures } from '../../src/compositor/input-pictures.js';
import { VideoRings } from '../../src/compositor/video-rings.js';
import { RenderSession } from '../../src/compositor/render-session.js';
import { Latencies } from '../../src/core/latencies.js';
import { createLogger } from '../../src/core/logger.js';
import { bitmapBudgetBytes, DEFAULT_MEMORY_LIMIT_BYTES } from '../../src/memory/budget.js';
import { NO_CULPRIT } from '../../src/memory/culprit.js';
import { CompositorPort, StitcherPort } from '../../src/memory/handover.js';
import { createSharedMemory } from '../../src/memory/map.js';
import type { PicturePaint } from '../../src/render/painter.js';
import { HeldRenderer, sceneFrom, snapshotOf } from '../support/engine.js';
import { createPictures } from './scene-pictures.js';

const FORMAT = { widthPx: 640, heightPx: 480, frameRate: { num: 60, den: 1 } };

/** Has pictures decoded when the test says so. */
class SlowPictures extends HeldRenderer {
  readonly waiting: (() => void)[] = [];

  override async paintPicture(task: PicturePaint): Promise<void> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    await super.paintPicture(task);
  }
}

function openSession(): { readonly session: RenderSession; readonly renderer: SlowPictures } {
  const memory = createSharedMemory();
  new StitcherPort(memory).setFirstFormat(FORMAT);
  const renderer = new SlowPictures(memory, 1);
  const session = new RenderSession({
    memory,
    renderer,
    port: new CompositorPort(memory),
    format: FORMAT,
    culprit: NO_CULPRIT,
    setAside: new Map(),
    bitmapLimitBytes: bitmapBudgetBytes(DEFAULT_MEMORY_LIMIT_BYTES),
    latencies: new Latencies(),
    logger: createLogger('silent', 'test'),
    onPictureFailed: () => undefined,
    hearing: null,
    videos: new VideoRings(() => undefined),
    inputs: new InputPictures(),
    onLayerFailed: () => undefined,
    onLayerRecovered: () => undefined,
  });
  return { session, renderer };
}

async function isSettled(promise: Promise<void>): Promise<boolean> {
  let isDone = false;
  void promise.then(() => {
    isDone = true;
  });
  for (let i = 0; i < 20; i++) await turn();
  return isDone;
}

test('a session is not disposed of while a picture is being decoded into the memory', async () => {
  const { session, renderer } = openSession();
  const { pictures, remove } = await createPictures();
  const [asset = ''] = Object.keys(pictures);
  const layer = { id: 'p', type: 'image', asset, width: 40, height: 40 } as const;
  const scene = sceneFrom({ id: 's', layers: [layer] });
  const loading = session.loadPictures(snapshotOf(scene, { pictures }));
  assert.ok(loading !== null);
  await turn();
  const disposed = session.dispose();
  assert.equal(await isSettled(disposed), false);
  for (const goOn of renderer.waiting) goOn();
  await disposed;
  (await loading).release();
  await remove();
});

test('a session is not disposed of while a thread is at work on one of its frames', async () => {
  const { session, renderer } = openSession();
  const layer = { id: 'r', type: 'shape', shape: 'rectangle', width: 40, height: 40 } as const;
  session.compositor.show(snapshotOf(sceneFrom({ id: 's', layers: [layer] })));
  assert.ok(session.compositor.plan(0, 0));
  const [worker] = renderer.held;
  assert.ok(worker !== undefined);
  const disposed = session.dispose();
  assert.equal(await isSettled(disposed), false);
  worker.run();
  await disposed;
});

test('pictures that were loaded for a scene are held until it is shown', async () => {
  const { session, renderer } = openSession();
  const { pictures, remove } = await createPictures();
  const [asset = ''] = Object.keys(pictures);
  const layer = { id: 'p', type: 'image', asset, width: 40, height: 40 } as const;
  const snapshot = snapshotOf(sceneFrom({ id: 's', layers: [layer] }), { pictures });
  const loading = session.loadPictures(snapshot);
  assert.ok(loading !== null);
  await turn();
  for (const goOn of renderer.waiting) goOn();
  const held = await loading;
  for (let i = 0; i < 20; i++) await turn();
  const [content] = session.compositor.planner.picturesOf(snapshot);
  const bitmap = session.bitmaps.find(content?.key ?? '');
  assert.ok(
    bitmap !== null && bitmap.uses > 0,
    'it is held however long it takes to paint the rest',
  );
  held.release();
  assert.equal(bitmap.uses, 0);
  await remove();
});
