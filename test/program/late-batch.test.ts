import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/core/logger.js';
import type { ProgramClock } from '../../src/core/program-clock.js';
import { bitmapBudgetBytes, DEFAULT_MEMORY_LIMIT_BYTES } from '../../src/memory/budget.js';
import { instantiateKernels } from '../../src/memory/kernels.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { Latencies } from '../../src/program/latencies.js';
import { ProgramRunner } from '../../src/program/program-runner.js';
import type { ScheduledSnapshot } from '../../src/program/protocol.js';
import { InThreadRenderer, sceneFrom, snapshotOf } from '../support/engine.js';

const SCENE = sceneFrom({ id: 'scene', width: 64, height: 64 });
const FRAME_MS = 40;

const late: string[] = [];
const aired: string[] = [];
const clocks: (ProgramClock | null)[] = [];
const memory = createSharedMemory();
const runner = new ProgramRunner(
  {
    memory,
    kernels: instantiateKernels(memory),
    latencies: new Latencies(),
    bitmapLimitBytes: bitmapBudgetBytes(DEFAULT_MEMORY_LIMIT_BYTES),
    renderer: new InThreadRenderer(memory, 1),
    logger: createLogger('silent', 'test'),
    onPictureFailed: () => undefined,
    onAir: (_revision, _frame, batchIds) => aired.push(...batchIds),
    onLayerFailed: () => undefined,
    onLayerRecovered: () => undefined,
    onBatchLate: (batchId) => late.push(batchId),
    onClock: (clock) => clocks.push(clock),
  },
  {
    width: 128,
    height: 128,
    frameRate: { num: 25, den: 1 },
    bitrateBps: 1_000_000,
    preset: 'ultrafast',
  },
);
after(() => {
  runner.stop();
});

function scheduled(batchId: string, dueAtMs: number, rejectLate: boolean): ScheduledSnapshot {
  return { batchId, dueAtMs, rejectLate, snapshot: snapshotOf(SCENE) };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await sleep(10);
  assert.ok(condition());
}

test('a batch that would rather not be late is left out when its frame is drawn, and told once', async () => {
  runner.start(null);
  const [clock] = clocks;
  assert.ok(clock !== null && clock !== undefined);
  assert.equal(clock.leadMs, 1.5 * FRAME_MS);
  const past = clock.startedAtMs - 1000;
  const soon = Date.now() + 20 * FRAME_MS;
  const all = [
    scheduled('rejected', past, true),
    scheduled('applied', past, false),
    scheduled('in-time', soon, true),
  ];
  runner.show(snapshotOf(SCENE), all);
  assert.deepEqual(late, ['rejected']);
  // Whoever has sent them says the same again, not knowing yet.
  runner.show(snapshotOf(SCENE, { revision: 2 }), all);
  await until(() => aired.includes('in-time'));
  assert.deepEqual(aired, ['applied', 'in-time']);
  // What was known before its frame is not late because somebody speaks of it after that.
  runner.show(snapshotOf(SCENE, { revision: 3 }), all);
  assert.deepEqual(late, ['rejected']);
});

test('tells of every clock, so that frames of one are not taken for those of another', () => {
  runner.start(null);
  runner.stop();
  const [first, ended, second, gone] = clocks;
  assert.ok(first !== null && ended === null && second !== null && gone === null);
  assert.ok((first?.firstDueNs ?? 0n) < (second?.firstDueNs ?? 0n));
});
