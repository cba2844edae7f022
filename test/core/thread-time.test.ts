import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { measureWork, systemThreadId, WorkLimit } from '../../src/core/thread-time.js';

const isTold = systemThreadId() > 0;
const DEADLINE_MS = 30_000;

test('the time that a thread waits is not counted as work', { skip: !isTold }, async () => {
  const workedMs = measureWork();
  await sleep(400);
  assert.ok(workedMs() < 200, `${workedMs()} ms`);
});

test('a thread is over its limit when it has worked so long, not when it has waited', async (t) => {
  const limit = new WorkLimit(systemThreadId(), 100);
  assert.equal(limit.isOver, false);
  await sleep(150);
  if (isTold) assert.equal(limit.isOver, false);
  else t.diagnostic('the system does not tell: all the time counts');
  const isOver = (): boolean => limit.isOver;
  for (const endMs = performance.now() + DEADLINE_MS; performance.now() < endMs;)
    if (isOver()) return;
  assert.fail('it has worked long enough');
});

test('a thread that takes no time for long is over its limit too', async () => {
  const limit = new WorkLimit(systemThreadId(), 20);
  await sleep(150);
  assert.equal(limit.isOver, true);
});
