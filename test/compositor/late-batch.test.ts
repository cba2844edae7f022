import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ProgramClock } from '../../src/core/program-clock.js';
import { createSharedMemory } from '../../src/memory/map.js';
import type { ScheduledSnapshot } from '../../src/compositor/contract.js';
import { InThreadRenderer, sceneFrom, snapshotOf } from '../support/engine.js';
import { openPacedProgram } from '../support/paced-program.js';
import { eventually } from '../support/until.js';

const SCENE = sceneFrom({ id: 'scene', width: 64, height: 64 });
const FRAME_MS = 40;

const late: string[] = [];
const aired: string[] = [];
const clocks: (ProgramClock | null)[] = [];
const memory = createSharedMemory();
const { compositor, playout } = await openPacedProgram({
  memory,
  format: { widthPx: 128, heightPx: 128, frameRate: { num: 25, den: 1 } },
  renderer: new InThreadRenderer(memory, 1),
  onAir: ({ batchIds }) => aired.push(...batchIds),
  onBatchLate: (batchId) => late.push(batchId),
  onClock: (clock) => clocks.push(clock),
});
after(() => {
  playout.close();
  compositor.close();
});

function scheduled(batchId: string, dueAtMs: number, rejectLate: boolean): ScheduledSnapshot {
  const snapshot = snapshotOf(SCENE);
  return { batchId, dueAtMs, dueFrame: null, programTimeMs: dueAtMs, rejectLate, snapshot };
}

test('a batch that would rather not be late is left out when its frame is drawn, and told once', async () => {
  playout.start(null);
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
  compositor.show(snapshotOf(SCENE), all);
  assert.deepEqual(late, ['rejected']);
  // Whoever has sent them says the same again, not knowing yet.
  compositor.show(snapshotOf(SCENE, { revision: 2 }), all);
  await eventually(() => aired.includes('in-time'));
  assert.deepEqual(aired, ['applied', 'in-time']);
  // What was known before its frame is not late because somebody speaks of it after that.
  compositor.show(snapshotOf(SCENE, { revision: 3 }), all);
  assert.deepEqual(late, ['rejected']);
});

test('tells of every clock, so that frames of one are not taken for those of another', () => {
  playout.start(null);
  playout.stop();
  const [first, ended, second, gone] = clocks;
  assert.ok(first !== null && ended === null && second !== null && gone === null);
  assert.ok((first?.firstDueNs ?? 0n) < (second?.firstDueNs ?? 0n));
});
