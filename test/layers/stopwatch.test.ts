import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SCENE_LIMITS } from '../../src/scene/limits.js';
import {
  controlled,
  elapsedAt,
  shownAt,
  type Stopwatch,
} from '../../src/layers/stopwatch/counting.js';

const FRESH: Stopwatch = {
  startedAtMs: null,
  elapsedMs: 0,
  laps: [],
  countdownFromMs: null,
  show: 'total',
};

test('counts while it runs, and stands while it is paused', () => {
  const started = controlled(FRESH, 'start', 1000);
  assert.equal(elapsedAt(started, 1500), 500);
  const paused = controlled(started, 'pause', 2000);
  assert.equal(elapsedAt(paused, 9000), 1000);
  const again = controlled(paused, 'start', 10_000);
  assert.equal(elapsedAt(again, 10_250), 1250);
  assert.deepEqual(controlled(again, 'reset', 11_000), FRESH);
});

test('is not changed by what changes nothing', () => {
  const started = controlled(FRESH, 'start', 1000);
  assert.equal(controlled(started, 'start', 2000), started);
  assert.equal(controlled(FRESH, 'pause', 2000), FRESH);
  assert.equal(controlled(FRESH, 'lap', 2000), FRESH);
});

test('keeps the latest laps, and can show the one that runs', () => {
  let watch: Stopwatch = controlled({ ...FRESH, show: 'lap' }, 'start', 0);
  for (let lap = 1; lap <= SCENE_LIMITS.laps + 5; lap++)
    watch = controlled(watch, 'lap', lap * 1000);
  assert.equal(watch.laps.length, SCENE_LIMITS.laps);
  assert.equal(watch.laps[0], 6000);
  const last = (SCENE_LIMITS.laps + 5) * 1000;
  assert.deepEqual(shownAt(watch, last + 300), { shownMs: 300, isOver: false });
});

test('counts down to zero and says that it is over', () => {
  const game = controlled({ ...FRESH, countdownFromMs: 5000 }, 'start', 0);
  assert.deepEqual(shownAt(game, 1200), { shownMs: 3800, isOver: false });
  assert.deepEqual(shownAt(game, 5000), { shownMs: 0, isOver: true });
  assert.deepEqual(shownAt(game, 60_000), { shownMs: 0, isOver: true });
});

test('does not go back when the clock of the machine does', () => {
  const started = controlled({ ...FRESH, elapsedMs: 700 }, 'start', 5000);
  assert.equal(elapsedAt(started, 3000), 700);
  assert.equal(controlled(started, 'pause', 3000).elapsedMs, 700);
});

test('counts no more and no less than the time in which it ran', () => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom('start' as const, 'pause' as const), fc.nat({ max: 10_000 })),
  );
  fc.assert(
    fc.property(steps, (given) => {
      let [watch, atMs, expected, isRunning] = [FRESH, 0, 0, false];
      for (const [action, afterMs] of given) {
        atMs += afterMs;
        if (isRunning) expected += afterMs;
        watch = controlled(watch, action, atMs);
        isRunning = action === 'start';
        assert.equal(elapsedAt(watch, atMs), expected);
      }
    }),
  );
});
