import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScheduledSnapshot } from '../../src/compositor/contract.js';
import type { AiredScene } from '../../src/compositor/contract.js';
import type { ProgramClock } from '../../src/core/program-clock.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { InThreadRenderer, sceneFrom, snapshotOf } from '../support/engine.js';
import { openPacedProgram } from '../support/paced-program.js';

const FORMAT = { widthPx: 128, heightPx: 128, frameRate: { num: 25, den: 1 } };
const SCENE = sceneFrom({ id: 'scene', width: 128, height: 128 });

let stepMs = 0;
const clocks: ProgramClock[] = [];
const aired: AiredScene[] = [];
const memory = createSharedMemory();
const { compositor, playout } = await openPacedProgram({
  memory,
  format: FORMAT,
  renderer: new InThreadRenderer(memory, 1),
  wallNow: () => Date.now() + stepMs,
  onAir: (one) => aired.push(one),
  onClock: (clock) => {
    if (clock !== null) clocks.push(clock);
  },
});
after(() => {
  playout.close();
  compositor.close();
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await sleep(10);
  assert.ok(condition());
}

function frameOfBatch(id: string): number | null {
  return aired.find(({ batchIds }) => batchIds.includes(id))?.frame ?? null;
}

function scheduled(
  batchId: string,
  dueAtMs: number,
  dueFrame: ScheduledSnapshot['dueFrame'],
): ScheduledSnapshot {
  const snapshot = snapshotOf(SCENE);
  return { batchId, dueAtMs, dueFrame, programTimeMs: dueAtMs, rejectLate: false, snapshot };
}

test('a wall clock that is set has what is due on air with the next frame, leaves what goes by frames, and takes nothing back', async () => {
  playout.start(null);
  const [clock] = clocks;
  assert.ok(clock !== undefined);
  const { startedAtMs } = clock;
  const dueFrame = { clockStartedAtMs: startedAtMs, frame: 100 };
  compositor.show(snapshotOf(SCENE), [
    scheduled('by-frame', startedAtMs + 4000, dueFrame),
    scheduled('by-wall', startedAtMs + 20_000, null),
    scheduled('far', startedAtMs + 60_000, null),
  ]);
  await until(() => playout.ledger.clock > 5);
  stepMs = 30_000;
  await until(() => frameOfBatch('by-wall') !== null);
  const forward = clocks.at(-1);
  assert.ok(forward !== undefined && Math.abs(forward.anchor.stepMs - 30_000) < 20);
  assert.equal(frameOfBatch('by-wall'), forward.anchor.frame);
  assert.ok(forward.anchor.frame <= 5 + 2 * 25, 'the step is seen within a second');
  stepMs = 0;
  await until(() => (clocks.at(-1)?.anchor.stepMs ?? 0) < -20_000);
  await until(() => frameOfBatch('by-frame') !== null);
  // On a busy machine that frame may be late: then it is the next one that is not.
  const lateFrames = (frameOfBatch('by-frame') ?? 0) - 100;
  assert.ok(lateFrames >= 0 && lateFrames <= playout.ledger.late, `${lateFrames} frames late`);
  assert.equal(frameOfBatch('far'), null);
  assert.equal(aired.filter(({ batchIds }) => batchIds.includes('by-wall')).length, 1);
});
