import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLimiter } from '../../src/assets/limiter.js';

test('runs as many tasks at once as it may, in the order in which they came', async () => {
  const limiter = createLimiter(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  await Promise.all(
    [0, 1, 2, 3, 4, 5].map((n) =>
      limiter.run(async () => {
        started.push(n);
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
      }, null),
    ),
  );
  assert.equal(most, 2);
  assert.deepEqual(started, [0, 1, 2, 3, 4, 5]);
});

test('goes on after a task has failed', async () => {
  const limiter = createLimiter(1);
  const failing = limiter.run(() => Promise.reject(new Error('no')), null);
  const next = limiter.run(() => Promise.resolve(7), null);
  await assert.rejects(failing, /no/);
  assert.equal(await next, 7);
});

test('never begins a task that was given up while it waited', async () => {
  const limiter = createLimiter(1);
  const controller = new AbortController();
  let release: () => void = () => undefined;
  const first = limiter.run(() => new Promise<void>((resolve) => (release = resolve)), null);
  let hasRun = false;
  const second = limiter.run(() => {
    hasRun = true;
    return Promise.resolve();
  }, controller.signal);
  await new Promise(setImmediate);
  controller.abort(new Error('given up'));
  release();
  await first;
  await assert.rejects(second, /given up/);
  assert.equal(hasRun, false);
  assert.equal(await limiter.run(() => Promise.resolve('next'), null), 'next');
});
