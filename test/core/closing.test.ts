import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Closing } from '../../src/core/closing.js';

test('closes the last first, and each before the next', async () => {
  const log: string[] = [];
  const closing = new Closing();
  for (const name of ['first', 'second', 'third'])
    closing.add(async () => {
      log.push(`${name} begins`);
      await turn();
      log.push(`${name} ends`);
    });
  await closing.close();
  assert.deepEqual(log, [
    'third begins',
    'third ends',
    'second begins',
    'second ends',
    'first begins',
    'first ends',
  ]);
});

test('closes once, however often it is asked', async () => {
  let count = 0;
  const closing = new Closing();
  closing.add(() => {
    count += 1;
  });
  await Promise.all([closing.close(), closing.close()]);
  await closing.close();
  assert.equal(count, 1);
});

test('takes every step although some fail, and tells of all failures', async () => {
  const log: string[] = [];
  const closing = new Closing();
  closing.add(() => {
    log.push('first');
  });
  closing.add(() => {
    throw new Error('at once');
  });
  closing.add(() => Promise.reject(new Error('later')));
  await assert.rejects(closing.close(), (error: unknown) => {
    assert.ok(error instanceof AggregateError);
    assert.deepEqual(
      error.errors.map((one: unknown) => (one instanceof Error ? one.message : '')),
      ['later', 'at once'],
    );
    return true;
  });
  assert.deepEqual(log, ['first']);
  await assert.rejects(closing.close(), AggregateError);
});

test('nothing to close is closed', async () => {
  await new Closing().close();
});
