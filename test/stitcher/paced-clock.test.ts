import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { frameTimeMs, type FrameRate } from '../../src/core/rational.js';
import { PacedClock } from '../../src/stitcher/paced-clock.js';

const FAST: FrameRate = { num: 200, den: 1 };

function blockFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** Records what a clock does until it has had `slots` slots due. */
async function record(
  frameRate: FrameRate,
  slots: number,
  onDue: (n: number) => void = () => undefined,
): Promise<{
  planned: number[];
  due: number[];
  dueAtMs: number[];
  lateMs: number[];
  order: string[];
}> {
  const log = {
    planned: [] as number[],
    due: [] as number[],
    dueAtMs: [] as number[],
    lateMs: [] as number[],
    order: [] as string[],
  };
  const clock = await new Promise<PacedClock>((resolve) => {
    const made = new PacedClock({
      frameRate,
      startMs: performance.now(),
      onPlan: (n) => {
        log.planned.push(n);
        log.order.push(`plan ${n}`);
      },
      onDue: (n, lateMs) => {
        log.due.push(n);
        log.dueAtMs.push(performance.now());
        log.lateMs.push(lateMs);
        log.order.push(`due ${n}`);
        onDue(n);
        if (log.due.length === slots) resolve(made);
      },
    });
  });
  clock.stop();
  return log;
}

function countTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

test('every slot is due once and in order, and every frame is planned before it is due', async () => {
  const { due, planned, order } = await record(FAST, 60);
  assert.deepEqual(due, countTo(due.length));
  assert.ok(due.length >= 60);
  assert.deepEqual(
    planned,
    [...new Set(planned)].sort((a, b) => a - b),
  );
  for (const n of planned) {
    const dueAt = order.indexOf(`due ${n}`);
    if (dueAt !== -1) assert.ok(order.indexOf(`plan ${n}`) < dueAt);
  }
});

test('slots that were missed while the thread was busy are due all the same; frames that are over are not planned', async () => {
  const { due, planned } = await record(FAST, 60, (n) => {
    if (n === 10) blockFor(60);
  });
  assert.deepEqual(due, countTo(due.length));
  assert.ok(!planned.includes(15), 'frame 15 was over when the thread came back');
  assert.ok(planned.some((n) => n > 25));
});

for (const frameRate of [FAST, { num: 30_000, den: 1001 }, { num: 60_000, den: 1001 }]) {
  test(`no slot is due before its time, and time does not add up, at ${frameRate.num}/${frameRate.den}`, async () => {
    const slots = frameRate === FAST ? 100 : 15;
    const { dueAtMs, lateMs, due } = await record(frameRate, slots, (n) => {
      if (n % 7 === 3) blockFor(3);
    });
    // Where slot 0 should have been, as every slot says. A busy machine may hold up the test between the clock's
    // look at the time and its own, so that some say later; none may say earlier.
    const starts = due.map(
      (n, i) => (dueAtMs[i] ?? 0) - (lateMs[i] ?? 0) - frameTimeMs(n, frameRate),
    );
    const earliest = Math.min(...starts);
    const near = starts.filter((start) => start - earliest < 1);
    assert.ok(near.length > starts.length / 2, `${near.length} of ${starts.length} slots agree`);
    const last = starts.slice(-Math.ceil(slots / 3));
    assert.ok(Math.min(...last) - earliest < 1, 'the last slots are as exact as the first');
  });
}

test('says which planned frame is not due yet', async () => {
  const clock = new PacedClock({
    startMs: performance.now(),
    frameRate: { num: 5, den: 1 },
    onPlan: () => undefined,
    onDue: () => undefined,
  });
  assert.equal(clock.slots, 0);
  assert.equal(clock.pendingFrame, 0);
  await sleep(150);
  assert.equal(clock.pendingFrame, 0);
  assert.equal(clock.slots, 0);
  clock.stop();
});

test('a clock that was stopped is silent, also when it is stopped by what it calls', async () => {
  const calls = mock.fn();
  const clock = new PacedClock({
    frameRate: FAST,
    startMs: performance.now(),
    onPlan: calls,
    onDue: calls,
  });
  clock.stop();
  clock.stop();
  const before = calls.mock.callCount();
  await sleep(40);
  assert.equal(calls.mock.callCount(), before);

  for (const call of ['onPlan', 'onDue'] as const) {
    let stoppedAt: number | null = null;
    let count = 0;
    const stop = (n: number): void => {
      // A busy machine leaves out frames that are over: the third may be one of them.
      if (n < 3 || stoppedAt !== null) return;
      own.stop();
      stoppedAt = count;
    };
    const own = new PacedClock({
      startMs: performance.now(),
      frameRate: FAST,
      onPlan: (n) => {
        count += 1;
        if (call === 'onPlan') stop(n);
      },
      onDue: (n) => {
        count += 1;
        if (call === 'onDue') stop(n);
      },
    });
    const isStopped = (): boolean => stoppedAt !== null;
    while (!isStopped()) await sleep(5);
    await sleep(40);
    assert.equal(count, stoppedAt, `${call} stopped the clock`);
  }
});
