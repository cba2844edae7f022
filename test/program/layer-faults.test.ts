import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createSharedMemory } from '../../src/memory/map.js';
import type { LayerFault } from '../../src/program/faults/layer-entry.js';
import type { ApartEnd } from '../../src/program/render-pool.js';
import type { Content, Drawing } from '../../src/render/content.js';
import type { ApartPaint, LaneTask, PaintReport } from '../../src/render/tasks.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { SceneSnapshot } from '../../src/scene/snapshot.js';
import {
  createTestProgram,
  InThreadRenderer,
  playFrame,
  sceneFrom,
  showScene,
  snapshotOf,
  type TestProgram,
} from '../support/engine.js';

const SIZE = { widthPx: 192, heightPx: 128 };
const memory = createSharedMemory();
const referenceMemory = createSharedMemory();

/** Contents of this width can not be painted, as long as the renderer is broken. */
const BAD_WIDTH = 77;

function broken(content: Content): Content {
  return {
    ...content,
    get drawing(): Drawing {
      throw new Error('This drawing can not be painted.');
    },
  };
}

/** Fails at some paints, and says of others that they took as long as the test wants. */
class FaultyRenderer extends InThreadRenderer {
  isBroken = true;
  /** Milliseconds that paints say they took; null: what they took. */
  tookMs: number | null = null;
  /** Paints apart that were asked for, when the test holds them. */
  readonly held: (() => void)[] = [];
  isHolding = false;
  /** What the next paint apart ends with instead of being done. */
  ending: Promise<void> | null = null;

  #content(content: Content): Content {
    const isBad = content.boxWidth === BAD_WIDTH && content.drawing.kind !== 'placeholder';
    return this.isBroken && isBad ? broken(content) : content;
  }

  #reported(report: PaintReport): PaintReport {
    return this.tookMs === null ? report : { ...report, tookMs: this.tookMs };
  }

  override async renderLane(task: LaneTask): Promise<readonly PaintReport[]> {
    const paints = task.paints.map(({ offset, content }) => ({
      offset,
      content: this.#content(content),
    }));
    const reports = await super.renderLane({ ...task, paints });
    return reports.map((report) => this.#reported(report));
  }

  override async paintApart({ paint, scratchOffset }: ApartPaint): Promise<ApartEnd> {
    if (this.isHolding) await new Promise<void>((resolve) => this.held.push(resolve));
    if (this.ending !== null) return { kind: 'ended', reason: 'It hung.', gone: this.ending };
    const content = this.#content(paint.content);
    const end = await super.paintApart({ paint: { ...paint, content }, scratchOffset });
    return end.kind === 'done' ? { kind: 'done', ...this.#reported(end) } : end;
  }
}

type Told = { readonly failed: LayerFault[]; readonly recovered: LayerFault[] };

function createProgram(): TestProgram<FaultyRenderer> & {
  readonly told: Told;
  readonly aired: number[];
} {
  const told: Told = { failed: [], recovered: [] };
  const aired: number[] = [];
  const program = createTestProgram({
    ...SIZE,
    memory,
    createRenderer: (of) => new FaultyRenderer(of),
    paintsApart: true,
    onLayerFailed: (fault) => told.failed.push(fault),
    onLayerRecovered: (fault) => told.recovered.push(fault),
    onAir: (revision) => aired.push(revision),
  });
  return { ...program, told, aired };
}

function snapshotWith(layers: LayerInput[], revision = 1): SceneSnapshot {
  const { widthPx: width, heightPx: height } = SIZE;
  return snapshotOf(sceneFrom({ id: 's', width, height, layers }), { revision });
}

async function whole(...layers: LayerInput[]): Promise<Uint8Array> {
  const program = createTestProgram({
    ...SIZE,
    memory: referenceMemory,
    createRenderer: (of) => new InThreadRenderer(of),
  });
  await showScene(program, snapshotWith(layers));
  return playFrame(program, 0, 0);
}

function area(id: string, fields: Partial<Extract<LayerInput, { type: 'shape' }>>): LayerInput {
  return { id, type: 'shape', shape: 'rectangle', width: 40, height: 30, fill: '#3a7', ...fields };
}

/** Which paint fails. */
const BAD = { width: BAD_WIDTH, height: 50, x: 10, y: 10 } as const;
const GOOD = area('good', { x: 120, y: 80 });

/** Plays frames 20 ms apart from `n` on until they are as expected. */
async function playUntil(
  program: TestProgram<FaultyRenderer>,
  n: number,
  expected: Uint8Array,
): Promise<number> {
  for (let next = n; next < n + 10; next++) {
    const frame = await playFrame(program, next, next * 20);
    if (Buffer.compare(frame, expected) === 0) return next;
    await turn();
  }
  return assert.fail('the frame was not there in ten slots');
}

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
  assert.match(program.told.failed[0]?.reason ?? '', /can not be painted/);
}

const PLACE: LayerInput = {
  ...{ id: 'place', type: 'image', asset: 'none' },
  ...{ width: BAD.width, height: BAD.height, x: BAD.x, y: BAD.y },
};

test('of a layer that can not be painted, its place is marked', async () => {
  await showsInstead(area('bad', BAD), [PLACE]);
});

test('a layer that can not be painted is left out when its policy is to hide it', async () => {
  await showsInstead(area('bad', { ...BAD, onError: 'hide' }), []);
});

test('another layer stands in for one that can not be painted, though it is hidden itself', async () => {
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

test('a layer that can not be painted any more goes on showing what it showed', async () => {
  const program = createProgram();
  const good = area('bad', { ...BAD, width: 60, onError: 'hold' });
  await showScene(program, snapshotWith([good, GOOD]));
  await playFrame(program, 0, 0);
  await showScene(program, snapshotWith([area('bad', { ...BAD, onError: 'hold' }), GOOD], 2));
  const n = await playUntil(program, 1, await whole(good, GOOD));
  await playFrame(program, n + 1, 20 * (n + 1));
  assert.equal(program.told.failed.length, 1);
});

test('a layer that can not be laid out costs the others nothing, and comes back when it is mended', async () => {
  const program = createProgram();
  const text: LayerInput = { id: 'bad', type: 'text', text: 'here', onError: 'hide' };
  const snapshot = snapshotWith([text, GOOD]);
  const [layer, good] = snapshot.scene?.layers ?? [];
  assert.ok(layer !== undefined && good !== undefined && snapshot.scene !== null);
  let isBroken = true;
  const throwing = Object.defineProperty({ ...layer }, 'text', {
    enumerable: true,
    get: () => {
      if (isBroken) throw new Error('This text can not be read.');
      return 'there';
    },
  });
  program.engine.show({ ...snapshot, scene: { ...snapshot.scene, layers: [throwing, good] } });
  for (const n of [0, 1, 2]) assert.deepEqual(await playFrame(program, n, n), await whole(GOOD));
  assert.equal(program.told.failed.length, 1);
  assert.match(program.told.failed[0]?.reason ?? '', /can not be read/);
  isBroken = false;
  program.engine.show({ ...snapshot, revision: 2 });
  assert.deepEqual(await playFrame(program, 3, 3), await whole(text, GOOD));
  assert.equal(program.told.recovered.length, 1);
  assert.deepEqual(program.engine.planner.guard.off, []);
});

test('a layer that is off costs nothing until it is tried again, and is told of once', async () => {
  const program = createProgram();
  const bad = area('bad', { ...BAD, onError: 'hide' });
  await showScene(program, snapshotWith([bad]));
  const n = await playUntil(program, 0, await whole());
  await playFrame(program, n + 1, 20 * (n + 1));
  const [off] = program.engine.planner.guard.off;
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
    for (const { retryAtMs } of program.engine.planner.guard.off) retries.add(retryAtMs ?? 0);
  }
  const intervals = [...retries].map((at, i, all) => at - (all[i - 1] ?? at)).slice(1);
  assert.ok(intervals.length >= 2 && intervals.length <= 4, intervals.join());
  assert.ok(intervals.every((interval, i) => interval >= 1.8 * (intervals[i - 1] ?? 1000)));
  assert.equal(program.told.failed.length, 1);
});

/** A shadow so wide that painting it is done apart. */
function slow(fill: string): LayerInput {
  return area('slow', {
    ...{ x: 300, y: 300, width: 700, height: 500, fill },
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
    ...{ x: 180, y: 120, scale: 1 },
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
    ...{ id: 'group', type: 'group', width: 192, height: 128 },
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

test('a layer whose paints take longer than its limit again and again is shut off', async () => {
  const program = createProgram();
  program.renderer.tookMs = 60;
  const timer: LayerInput = { id: 'timer', type: 'timer', format: 'ss.SSS', timeLimitMs: 50 };
  await showScene(program, snapshotWith([{ ...timer, onError: 'hide' }, GOOD]));
  for (let n = 0; n < 8; n++) {
    await playFrame(program, n, n * 20);
    await turn();
  }
  assert.deepEqual(program.frame(), await whole(GOOD));
  assert.equal(program.told.failed.length, 1);
  assert.match(program.told.failed[0]?.reason ?? '', /60 ms.*50 ms of its timeLimitMs/);
  // It is fast again by the time of its trial.
  program.renderer.tookMs = 1;
  for (let n = 8; n < 12; n++) {
    await playFrame(program, n, 5000 + n);
    await turn();
  }
  assert.equal(program.told.recovered.length, 1);
});

test('one slow paint shuts nothing off', async () => {
  const program = createProgram();
  program.renderer.tookMs = 5000;
  await showScene(program, snapshotWith([area('slow', { timeLimitMs: 1 })]));
  for (let n = 0; n < 8; n++) await playFrame(program, n, n * 20);
  assert.deepEqual(program.told.failed, []);
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

test('a picture that is missing follows its policy at once, and is told of when it stays away', async () => {
  const program = createProgram();
  const picture: LayerInput = {
    ...{ id: 'bad', type: 'image', asset: 'none', width: 40, height: 40 },
    ...{ onError: 'fallback', fallback: 'other' },
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
    ...SIZE,
    memory,
    createRenderer: (of) => new FaultyRenderer(of),
  });
  await showScene(program, snapshotWith([area('bad', BAD), GOOD]));
  await playFrame(program, 0, 0);
  for (const n of [1, 2])
    assert.deepEqual(await playFrame(program, n, n * 5000), await whole(PLACE, GOOD));
});
