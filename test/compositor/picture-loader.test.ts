import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { FrameMoment } from '../../src/core/program-clock.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { LoadAhead } from '../../src/compositor/load-ahead.js';
import { RenderPool } from '../../src/compositor/render-pool.js';
import { SceneTimeline } from '../../src/compositor/timeline.js';
import { createCanvas } from '../../src/render/canvas.js';
import { toPictureContent, type PictureContent } from '../../src/render/content.js';
import type { PicturePaint } from '../../src/render/painter.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { PictureSource, SceneSnapshot } from '../../src/scene/snapshot.js';
import {
  createTestProgram,
  InThreadRenderer,
  playFrame,
  sceneFrom,
  showScene,
  snapshotOf,
  type Pictures,
} from '../support/engine.js';
import { makeLottie } from '../support/moving-media.js';

const SIZE = { widthPx: 128, heightPx: 96 };
const memory = createSharedMemory();
const folder = await mkdtemp(join(tmpdir(), 'sm-loader-'));
after(() => rm(folder, { recursive: true, force: true }));

async function writeWhite(name: string): Promise<NonNullable<Pictures[string]>> {
  const canvas = createCanvas(40, 30);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, 40, 30);
  const path = join(folder, `${name}.png`);
  await writeFile(path, await canvas.encode('png'));
  return { contentHash: name, path, width: 40, height: 30 };
}

const white = await writeWhite('white');
const missing = { ...white, contentHash: 'missing', path: join(folder, 'missing.png') };
const broken = { ...white, contentHash: 'broken', path: join(folder, 'broken.png') };
await writeFile(broken.path, Buffer.from('this is not a picture'));

const IMAGE: LayerInput = { id: 'image', type: 'image', asset: 'asset', x: 20, y: 20 };

function snapshotWith(pictures: Pictures, revision = 1, layer: LayerInput = IMAGE): SceneSnapshot {
  const { widthPx: width, heightPx: height } = SIZE;
  return snapshotOf(sceneFrom({ id: 's', width, height, layers: [layer] }), { pictures, revision });
}

/** Luma in the middle of the right half of the picture, off the lines of the placeholder. */
function lumaIn(frame: Uint8Array): number {
  return frame[35 * SIZE.widthPx + 52] ?? -1;
}

const WHITE = 235;
/** #2b2f3a */
const PLACEHOLDER = 16 + Math.round((219 / 255) * (0.2126 * 0x2b + 0.7152 * 0x2f + 0.0722 * 0x3a));

for (const [name, picture] of [
  ['of which nothing is known', null],
  ['whose file is missing', missing],
  ['whose file is broken', broken],
] as const) {
  test(`a picture ${name} shows its placeholder and costs no frame`, async () => {
    const failed: string[] = [];
    const program = createTestProgram({
      ...SIZE,
      memory,
      createRenderer: (of) => new InThreadRenderer(of),
      onPictureFailed: (contentHash, reason) => {
        assert.notEqual(reason, '');
        failed.push(contentHash);
      },
    });
    const snapshot = snapshotWith({ asset: picture });
    await showScene(program, snapshot);
    assert.equal(lumaIn(await playFrame(program, 0, 0)), PLACEHOLDER);
    assert.deepEqual(failed, picture === null ? [] : [picture.contentHash]);
    assert.ok(program.pictures.isSettled(program.engine.compositor.planner.picturesOf(snapshot)));

    // The same again is not tried again; a good one takes its place.
    await showScene(program, snapshotWith({ asset: picture }, 2));
    assert.equal(failed.length, picture === null ? 0 : 1);
    await showScene(program, snapshotWith({ asset: white }, 3));
    assert.equal(lumaIn(await playFrame(program, 1, 0)), WHITE);

    // Once it was not wanted, it is tried anew.
    await showScene(program, snapshotWith({ asset: picture }, 4));
    assert.equal(failed.length, picture === null ? 0 : 2);
    assert.equal(lumaIn(await playFrame(program, 2, 0)), PLACEHOLDER);
  });
}

test('a picture that arrives while its placeholder is on air takes its place', async () => {
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new InThreadRenderer(of),
  });
  const snapshot = snapshotWith({ asset: white });
  program.engine.compositor.show(snapshot);
  assert.equal(lumaIn(await playFrame(program, 0, 0)), PLACEHOLDER);
  await program.pictures.load(program.engine.compositor.planner.picturesOf(snapshot));
  assert.equal(lumaIn(await playFrame(program, 1, 0)), WHITE);
});

test('a picture wanted twice at once is decoded once, and a dying thread is told of', async () => {
  const failed: string[] = [];
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new RenderPool(of, 1),
    onPictureFailed: (contentHash) => failed.push(contentHash),
  });
  try {
    const wanted = program.engine.compositor.planner.picturesOf(snapshotWith({ asset: white }));
    await Promise.all([program.pictures.load(wanted), program.pictures.load(wanted)]);
    assert.deepEqual(failed, []);
    const usedBytes = program.bitmaps.usedBytes;
    await program.pictures.load(wanted);
    assert.equal(program.bitmaps.usedBytes, usedBytes);

    const other = program.engine.compositor.planner.picturesOf(
      snapshotWith({ asset: { ...white, contentHash: 'other' } }),
    );
    const loading = program.pictures.load(other);
    await program.renderer.threads[0]?.terminate();
    await loading;
    const isThere = failed.length === 0;
    assert.deepEqual(failed, isThere ? [] : ['other']);
    assert.ok(program.pictures.isSettled(other));
  } finally {
    await program.renderer.close();
  }
});

test('a picture that was out of sight is still there after other layers needed much memory', async () => {
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new InThreadRenderer(of),
  });
  const { widthPx: width, heightPx: height } = SIZE;
  const churn: LayerInput = {
    id: 'churn',
    type: 'shape',
    shape: 'ellipse',
    x: 64,
    width: 3000,
    height: 3000,
    fill: '#00000001',
    animations: [
      {
        property: 'width',
        keyframes: [
          { atMs: 0, value: 3000 },
          { atMs: 1000, value: 3500 },
        ],
      },
    ],
  };
  const blinking: LayerInput = {
    ...IMAGE,
    animations: [
      {
        property: 'opacity',
        keyframes: [
          { atMs: 0, value: 0, easing: 'hold' },
          { atMs: 900, value: 1 },
        ],
      },
    ],
  };
  const scene = sceneFrom({ id: 's', width, height, layers: [churn, blinking] });
  await showScene(program, snapshotOf(scene, { pictures: { asset: white } }));
  for (const [n, timeMs] of [0, 200, 400, 600, 800].entries()) await playFrame(program, n, timeMs);
  assert.ok(Math.abs(lumaIn(await playFrame(program, 9, 1000)) - WHITE) <= 2);
});

test('a film larger than half of what is kept is there whole when it is shown, next to another', async () => {
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new InThreadRenderer(of),
  });
  // Forty frames of 800 by 800 pixels are 102 MB; 134 MB of what is not shown are kept.
  const FRAMES = 40;
  const png = await readFile(white.path);
  const path = join(folder, 'film');
  await writeFile(path, Buffer.concat(Array.from({ length: FRAMES }, () => png)));
  const size = { width: 800, height: 800 };
  const frames = Array.from({ length: FRAMES }, (_, i) => ({
    ...size,
    start: i * png.length,
    bytes: png.length,
    durationMs: 100,
  }));
  const filmOf = (contentHash: string): PictureSource => ({
    contentHash,
    path,
    ...size,
    film: { frames, plays: 0 },
  });
  for (const [n, contentHash] of ['first', 'second'].entries()) {
    const snapshot = snapshotWith({ asset: filmOf(contentHash) }, n + 1);
    await showScene(program, snapshot);
    assert.ok(program.pictures.isSettled(program.engine.compositor.planner.picturesOf(snapshot)));
    await playFrame(program, n, 0);
    assert.ok(program.pictures.isSettled(program.engine.compositor.planner.picturesOf(snapshot)));
  }
});

test('a vector animation is read by every thread before it is shown, and looks the same from each', async () => {
  const path = join(folder, 'square.json');
  await writeFile(path, makeLottie());
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new RenderPool(of, 2),
  });
  try {
    const lottie = { frames: 60, frameRate: 30 };
    const source = { contentHash: 'square', path, width: 200, height: 100, lottie };
    const { widthPx: width, heightPx: height } = SIZE;
    const layer: LayerInput = { id: 'square', type: 'lottie', asset: 'asset', width, height };
    const scene = sceneFrom({ id: 's', width, height, layers: [layer] });
    const snapshot = snapshotOf(scene, { pictures: { asset: source } });
    await showScene(program, snapshot);
    // Nothing is left to be read: the file may go.
    await rm(path);
    const frames: Buffer[] = [];
    for (let n = 0; n < 8; n++) {
      const timeMs = 500 + (n % 2) * 1000;
      frames.push(Buffer.from(await playFrame(program, n, timeMs)));
    }
    assert.ok(!frames[0]?.equals(frames[1] ?? Buffer.alloc(0)), 'it moves');
    for (const [n, frame] of frames.entries())
      assert.ok(frame.equals(frames[n % 2] ?? frame), `frame ${n}`);
  } finally {
    await program.renderer.close();
  }
});

test('pictures of what is scheduled are decoded and kept before its moment, and not long before', async () => {
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new InThreadRenderer(of),
  });
  const { engine, bitmaps, pictures } = program;
  const ahead = new LoadAhead({
    bitmaps,
    pictures,
    paintAhead: () => null,
    picturesOf: (snapshot) => engine.compositor.planner.picturesOf(snapshot),
    findPictures: (snapshot) => engine.compositor.preparation.findPictures(snapshot),
    onFailed: (error) => {
      throw error;
    },
  });
  const empty = snapshotOf(sceneFrom({ id: 'empty' }));
  const snapshot = snapshotWith({ asset: white });
  const scheduled = {
    batchId: 'b',
    dueAtMs: 60_000,
    dueFrame: null,
    programTimeMs: 60_000,
    rejectLate: false,
    snapshot,
  };
  const momentAt = (wallTimeMs: number): FrameMoment => {
    return { n: 0, clockStartedAtMs: NaN, wallTimeMs };
  };
  const timeline = new SceneTimeline(empty, [scheduled]);
  engine.compositor.follow(timeline);
  ahead.look(timeline, momentAt(15_000));
  assert.deepEqual(ahead.wantedWith(null), []);
  ahead.look(timeline, momentAt(63_000));
  const wanted = ahead.wantedWith(null);
  assert.equal(wanted.length, 1);
  while (!pictures.isSettled(wanted)) await turn();
  const bitmap = bitmaps.find(wanted[0]?.key ?? '');
  assert.ok(bitmap !== null && bitmap.uses > 0, 'it is held');
  await playFrame(program, 0, 59_999);
  assert.equal(lumaIn(await playFrame(program, 1, 60_000)), WHITE);
  ahead.look(new SceneTimeline(snapshot, []), momentAt(65_000));
  const { uses } = bitmap;
  engine.reset();
  assert.ok(bitmap.uses < uses, 'the program held it last');
});

test('pictures of a scene that another has taken the place of are not decoded any more', async () => {
  let letGo = (): void => undefined;
  const isFree = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const decoded: string[] = [];
  /** At its first pictures for as long as it likes. */
  class BusyRenderer extends InThreadRenderer {
    override async paintPicture(task: PicturePaint): Promise<void> {
      if (task.content.kind === 'picture') decoded.push(task.content.contentHash);
      await isFree;
      await super.paintPicture(task);
    }
  }
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new BusyRenderer(of),
  });
  const names = Array.from({ length: 8 }, (_, i) => `former-${i}`);
  const contentsOf = (hashes: readonly string[]): PictureContent[] =>
    hashes.map((contentHash) =>
      toPictureContent(
        { contentHash, path: white.path, range: null, part: null, chromaKey: null },
        40,
        30,
      ),
    );
  const former = program.pictures.loadInstead(contentsOf(names));
  await turn();
  const begun = decoded.length;
  assert.ok(begun < names.length, 'some wait for their turn');
  const next = program.pictures.loadInstead(contentsOf(['next', 'former-7']));
  letGo();
  await Promise.all([former, next]);
  assert.deepEqual(decoded.slice(begun).sort(), ['former-7', 'next']);
  assert.ok(program.pictures.isSettled(contentsOf(['next', 'former-7'])));
  // Whoever wants them after all gets them.
  await program.pictures.loadInstead(contentsOf(names));
  assert.ok(program.pictures.isSettled(contentsOf(names)));
});
