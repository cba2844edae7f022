import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  frameAtOrAfter,
  frameOnAir,
  isDueBy,
  newestPlannedFrame,
  type ProgramClock,
  wallTimeOfFrame,
} from '../../src/core/program-clock.js';
import type { ScheduledSnapshot } from '../../src/compositor/contract.js';
import { SceneTimeline } from '../../src/compositor/timeline.js';
import {
  createTestProgram,
  InThreadRenderer,
  playFrame,
  sceneFrom,
  snapshotOf,
  type TestProgram,
} from '../support/engine.js';

const RATE = { num: 30, den: 1 } as const;
/** After so many turns of the event loop, what was drawn in this thread is answered. */
const TURNS = 20;
const START_MS = 1_700_000_000_000;

function wallTime(n: number): number {
  return START_MS + (n * 1000) / 30;
}

function scheduled(batchId: string, n: number, background: string): ScheduledSnapshot {
  const scene = sceneFrom({ id: 'scene', width: 64, height: 64, background });
  const dueAtMs = wallTime(n);
  const snapshot = snapshotOf(scene);
  return {
    batchId,
    dueAtMs,
    dueFrame: null,
    programTimeMs: dueAtMs,
    rejectLate: false,
    snapshot,
  };
}

const BASE = snapshotOf(sceneFrom({ id: 'scene', width: 64, height: 64, background: '#000000' }));

type Aired = { readonly n: number; readonly batchIds: readonly string[] };

function open(aired: Aired[]): TestProgram<InThreadRenderer> {
  return createTestProgram({
    widthPx: 128,
    heightPx: 128,
    createRenderer: (memory) => new InThreadRenderer(memory, 1),
    onAir: (_revision, n, batchIds) => {
      aired.push({ n, batchIds });
    },
  });
}

/** Luma of the first pixel of a frame. */
async function lumaOf(program: TestProgram<InThreadRenderer>, n: number): Promise<number> {
  return (await playFrame(program, n, wallTime(n)))[0] ?? -1;
}

test('counts frames by the wall clock without ever being off by one', () => {
  for (const frameRate of [RATE, { num: 30000, den: 1001 }, { num: 60, den: 1 }]) {
    const clock: ProgramClock = {
      frameRate,
      startedAtMs: START_MS,
      firstDueNs: 0n,
      leadMs: 50,
      anchor: { frame: 0, wallTimeMs: START_MS, programTimeMs: START_MS, stepMs: 0 },
    };
    for (let n = 0; n < 20_000_000; n += 7_919) {
      assert.equal(frameAtOrAfter(wallTimeOfFrame(n, clock), clock), n);
      assert.ok(isDueBy(wallTimeOfFrame(n, clock), wallTimeOfFrame(n, clock)));
      assert.ok(!isDueBy(wallTimeOfFrame(n + 1, clock), wallTimeOfFrame(n, clock)));
      assert.equal(frameAtOrAfter(wallTimeOfFrame(n, clock) + 1, clock), n + 1);
    }
    const aSecond = Math.floor(frameRate.num / frameRate.den);
    assert.equal(frameOnAir(clock, 1_000_500_000n), aSecond);
    assert.ok(newestPlannedFrame(clock, 1_000_500_000n) > aSecond);
  }
});

test('shows each scheduled scene from its frame on, and says so once', async () => {
  const aired: Aired[] = [];
  const program = open(aired);
  program.engine.compositor.follow(
    new SceneTimeline(BASE, [scheduled('a', 2, '#808080'), scheduled('b', 3, '#ffffff')]),
  );
  const luma: number[] = [];
  for (let n = 0; n < 5; n++) luma.push(await lumaOf(program, n));
  assert.deepEqual(luma, [16, 16, 126, 235, 235]);
  assert.deepEqual(
    aired.filter(({ batchIds }) => batchIds.length > 0),
    [
      { n: 2, batchIds: ['a'] },
      { n: 3, batchIds: ['b'] },
    ],
  );
});

test('a frame that is planned once more shows nothing that is due after it, and nothing too late', async () => {
  const aired: Aired[] = [];
  const program = open(aired);
  const { engine } = program;
  engine.compositor.follow(new SceneTimeline(BASE, [scheduled('a', 2, '#808080')]));
  await lumaOf(program, 0);
  assert.ok(engine.plan(1, wallTime(1)));
  // A change comes while frame 1 is planned; the batch of frame 2 comes along with it.
  const changed = snapshotOf(
    sceneFrom({ id: 'scene', width: 64, height: 64, background: '#404040' }),
    { revision: 2 },
  );
  engine.compositor.follow(
    new SceneTimeline(changed, [scheduled('c', 1, '#ffffff'), scheduled('a', 2, '#808080')]),
  );
  assert.ok(engine.plan(1, wallTime(1)));
  for (let i = 0; i < TURNS; i++) await turn();
  assert.equal(engine.take(1), 'rendered');
  assert.equal(program.frame()[0], 235);
  assert.equal(await lumaOf(program, 2), 126);
  assert.deepEqual(aired.map(({ n, batchIds }) => [n, ...batchIds]).slice(1), [
    [1, 'c'],
    [2, 'a'],
  ]);
});

test('a batch that is due in a slot that was never planned is in the next one, and is told with it', async () => {
  const aired: Aired[] = [];
  const program = open(aired);
  program.engine.compositor.follow(
    new SceneTimeline(BASE, [scheduled('a', 2, '#808080'), scheduled('b', 3, '#ffffff')]),
  );
  await lumaOf(program, 0);
  assert.equal(await lumaOf(program, 4), 235);
  assert.deepEqual(aired.at(-1), { n: 4, batchIds: ['a', 'b'] });
});

test('batches that come on air while nobody looks are told of with the frame of each', async () => {
  const program = open([]);
  const { engine } = program;
  engine.compositor.follow(
    new SceneTimeline(BASE, [scheduled('a', 1, '#808080'), scheduled('b', 2, '#ffffff')]),
  );
  await lumaOf(program, 0);
  for (const n of [1, 2, 3]) {
    assert.ok(engine.plan(n, wallTime(n)));
    for (let i = 0; i < TURNS; i++) await turn();
    assert.notEqual(engine.assembly.take(n), 'late');
  }
  assert.deepEqual(
    engine.compositor.collect().map(({ frame, batchIds }) => [frame, ...batchIds]),
    [
      [1, 'a'],
      [2, 'b'],
    ],
  );
});

test('a batch that is taken back is not shown', async () => {
  const aired: Aired[] = [];
  const program = open(aired);
  program.engine.compositor.follow(new SceneTimeline(BASE, [scheduled('a', 1, '#ffffff')]));
  await lumaOf(program, 0);
  program.engine.compositor.follow(new SceneTimeline(BASE, []));
  assert.equal(await lumaOf(program, 1), 16);
  assert.ok(aired.every(({ batchIds }) => batchIds.length === 0));
});
