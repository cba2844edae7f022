import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Shown } from '../../src/preview-compositor/shown.js';

test('who waits for a revision is let go with it, and not with an earlier one', async () => {
  const shown = new Shown();
  shown.wanted(4);
  const settled = shown.settled();
  shown.seen(3);
  assert.equal(await Promise.race([settled, Promise.resolve('waits')]), 'waits');
  shown.seen(4);
  assert.equal(await settled, true);
  assert.equal(await shown.settled(), true);
});

test('a revision that is sent again is waited for again', async () => {
  const shown = new Shown();
  shown.wanted(4);
  shown.seen(4);
  shown.wanted(4);
  const settled = shown.settled();
  assert.equal(await Promise.race([settled, Promise.resolve('waits')]), 'waits');
  shown.seen(4);
  assert.equal(await settled, true);
});

test('who waits in vain is told so: what is to be seen is not what was asked for', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const shown = new Shown();
  shown.wanted(1);
  const settled = shown.settled();
  t.mock.timers.tick(10_000);
  assert.equal(await settled, false);
});

test('at the end everybody is let go, and nobody waits any more', async () => {
  const shown = new Shown();
  shown.wanted(1);
  const settled = shown.settled();
  shown.close();
  assert.equal(await settled, false);
  assert.equal(await shown.settled(), false);
});
