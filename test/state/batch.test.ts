import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramClock } from '../../src/core/program-clock.js';
import type { BatchRecord } from '../../src/state/batch-schema.js';
import { BatchScheduler } from '../../src/state/batch-scheduler.js';
import type { Command } from '../../src/state/command.js';
import { foreseeAll } from '../../src/state/foreseen.js';
import { STATE_LIMITS } from '../../src/state/limits.js';
import { openStateStore } from '../../src/state/open-store.js';
import type { StateStore } from '../../src/state/port.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, sceneWithLayers, SETTINGS, SILENT } from './samples.js';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-batches-'));
});
after(() => rm(folder, { recursive: true, force: true }));

function recordOf(id: string, dueAtMs: number, commands: Command[], late = 'apply'): BatchRecord {
  return {
    id,
    state: 'scheduled',
    at: { time: dueAtMs },
    dueAtMs,
    dueFrame: null,
    programTimeMs: null,
    late: late === 'reject' ? 'reject' : 'apply',
    methods: commands.map(({ type }) => type),
    commands,
    chars: 10,
    createdAtMs: 0,
    endedAtMs: null,
    frame: null,
    wasLate: false,
    error: null,
  };
}

function createScene(id: string): Command {
  return { type: 'scene.create', scene: sceneWithLayers(id, 1) };
}

const CLOCK: ProgramClock = {
  frameRate: { num: 25, den: 1 },
  startedAtMs: 1_000_000,
  firstDueNs: 0n,
  leadMs: 60,
  anchor: { frame: 0, wallTimeMs: 1_000_000, programTimeMs: 1_000_000, stepMs: 0 },
};

async function open(name: string): Promise<StateStore> {
  return openStateStore({
    dataDir: join(folder, name),
    redisUrl: null,
    redisPrefix: '',
    settings: SETTINGS,
    durability: 'relaxed',
    logger: SILENT,
  });
}

type Watched = { readonly store: StateStore; readonly scheduler: BatchScheduler };

async function watch(
  name: string,
  clock: () => ProgramClock | null,
  now: () => number,
): Promise<Watched> {
  const store = await open(name);
  const scheduler = new BatchScheduler({ store, clock, now, logger: SILENT });
  store.onApplied((applied) => void scheduler.follow(applied.after));
  await scheduler.open();
  return { store, scheduler };
}

function batchOf({ store }: Watched, id: string): BatchRecord {
  const batch = store.state.batches.find((one) => one.id === id);
  assert.ok(batch !== undefined);
  return batch;
}

async function untilOver(watched: Watched, id: string): Promise<BatchRecord> {
  for (let i = 0; i < 500 && batchOf(watched, id).state === 'scheduled'; i++) await sleep(10);
  return batchOf(watched, id);
}

test('batches that wait survive a restart, and those that are due meanwhile follow their policy', async () => {
  let nowMs = 1000;
  const first = await watch(
    'restart',
    () => null,
    () => nowMs,
  );
  for (const batch of [
    recordOf('applies', 2000, [createScene('a')]),
    recordOf('rejects', 2000, [createScene('b')], 'reject'),
    recordOf('waits', 900_000, [createScene('c')]),
  ])
    await first.store.dispatch({ type: 'batch.schedule', batch });
  first.scheduler.close();
  await first.store.close();
  nowMs = 100_000;
  const second = await watch(
    'restart',
    () => null,
    () => nowMs,
  );
  assert.deepEqual(
    second.store.state.scenes.map(({ id }) => id),
    ['a'],
  );
  const applied = batchOf(second, 'applies');
  assert.equal(applied.state, 'applied');
  assert.equal(applied.wasLate, true);
  assert.deepEqual(applied.commands, []);
  const rejected = batchOf(second, 'rejects');
  assert.equal(rejected.state, 'failed');
  assert.equal(rejected.error?.code, 'SM_BATCH_LATE');
  assert.equal(batchOf(second, 'waits').state, 'scheduled');
  assert.equal(foreseeAll(second.store.state, null).foreseen.length, 1);
  second.scheduler.close();
  await second.store.close();
});

test('while a program runs it is the program that says when a batch is on air', async () => {
  const nowMs = CLOCK.startedAtMs + 400;
  const watched = await watch(
    'program',
    () => CLOCK,
    () => nowMs,
  );
  const { store, scheduler } = watched;
  const dueAtMs = CLOCK.startedAtMs + 320;
  for (const id of ['x', 'y'])
    await store.dispatch({
      type: 'batch.schedule',
      batch: recordOf(id, dueAtMs, [createScene(id)]),
    });
  await sleep(50);
  assert.equal(batchOf(watched, 'x').state, 'scheduled', 'its moment by the wall clock is over');
  scheduler.onAir(['x'], { frame: 8, mediaTimeMs: 320 });
  scheduler.onAir(['y'], { frame: 9, mediaTimeMs: 360 });
  const inTime = await untilOver(watched, 'x');
  assert.deepEqual(inTime.frame, { frame: 8, mediaTimeMs: 320 });
  assert.equal(inTime.wasLate, false);
  assert.equal((await untilOver(watched, 'y')).wasLate, true);
  scheduler.close();
  await store.close();
});

test('a batch that the program leaves out has failed', async () => {
  const watched = await watch(
    'left-out',
    () => CLOCK,
    () => 0,
  );
  const batch = recordOf('z', 5000, [createScene('z')], 'reject');
  await watched.store.dispatch({ type: 'batch.schedule', batch });
  await watched.scheduler.onLate('z');
  await watched.scheduler.onLate('z');
  assert.equal(batchOf(watched, 'z').error?.code, 'SM_BATCH_LATE');
  watched.scheduler.close();
  await watched.store.close();
});

test('a batch that does not fit any more fails and is not half applied', async () => {
  const watched = await watch(
    'misfit',
    () => null,
    () => 0,
  );
  const { store, scheduler } = watched;
  const commands: Command[] = [createScene('m'), createScene('taken')];
  await store.dispatch({ type: 'batch.schedule', batch: recordOf('m', 5000, commands) });
  await store.dispatch(createScene('taken'));
  const failed = await untilOver(watched, 'm');
  assert.equal(failed.state, 'failed');
  assert.equal(failed.error?.code, 'SM_SCENE_EXISTS');
  assert.deepEqual(
    store.state.scenes.map(({ id }) => id),
    ['taken'],
  );
  scheduler.close();
  await store.close();
});

test('a stored command that nobody knows fails its batch alone', () => {
  const strange = { ...recordOf('s', 1, []), commands: [{ type: 'batch.cancel' }] };
  const good = recordOf('g', 2, [createScene('g')]);
  let state = emptyState();
  for (const batch of [strange, good])
    state = reduce(state, { type: 'batch.schedule', batch }).state;
  const { foreseen, misfits } = foreseeAll(state, null);
  assert.deepEqual(
    misfits.map(({ batch }) => batch.id),
    ['s'],
  );
  assert.deepEqual(
    foreseen.map(({ batch }) => batch.id),
    ['g'],
  );
});

test('no more may wait than there is room for, and the oldest that are over are forgotten', () => {
  let state = emptyState();
  const { scheduledBatches, endedBatches } = STATE_LIMITS;
  for (let i = 0; i < scheduledBatches; i++)
    state = reduce(state, { type: 'batch.schedule', batch: recordOf(`b${i}`, i, []) }).state;
  const more: Command = { type: 'batch.schedule', batch: recordOf('more', 1, []) };
  assert.throws(() => reduce(state, more), { code: 'SM_BATCH_LIMIT' });
  const heavy = { ...recordOf('heavy', 1, []), chars: STATE_LIMITS.scheduledChars + 1 };
  assert.throws(() => reduce(emptyState(), { type: 'batch.schedule', batch: heavy }), {
    code: 'SM_BATCH_LIMIT',
  });
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < scheduledBatches; i++) {
      const id = round === 0 ? `b${i}` : `c${i}`;
      if (round > 0)
        state = reduce(state, { type: 'batch.schedule', batch: recordOf(id, i, []) }).state;
      state = reduce(state, { type: 'batch.cancel', batchId: id, atMs: 0 }).state;
    }
  }
  assert.equal(state.batches.length, endedBatches);
  assert.ok(state.batches.every(({ id }) => id.startsWith('c')));
});
