import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { WatchCount } from '../../src/preview/watch-count.js';

function createCount(t: TestContext): { watch: WatchCount; reported: number[] } {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const reported: number[] = [];
  return { watch: new WatchCount((count) => reported.push(count)), reported };
}

test('tells of every change of the viewers once', (t) => {
  const { watch, reported } = createCount(t);
  for (const viewers of [0, 2, 2, 3, 0]) watch.setViewers(viewers);
  assert.deepEqual(reported, [2, 3, 0]);
});

test('counts whoever asks for single pictures until a while after the last one', (t) => {
  const { watch, reported } = createCount(t);
  watch.grab();
  t.mock.timers.tick(2000);
  watch.grab();
  t.mock.timers.tick(2000);
  assert.deepEqual(reported, [1]);
  t.mock.timers.tick(1000);
  assert.deepEqual(reported, [1, 0]);
});

test('counts nobody once it is closed', (t) => {
  const { watch, reported } = createCount(t);
  watch.setViewers(4);
  watch.grab();
  watch.close();
  t.mock.timers.tick(10_000);
  assert.deepEqual(reported, [4, 5, 0]);
});
