import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PendingGrabs } from '../../src/preview/pending-grabs.js';

const unavailable = { name: 'AppError', code: 'SM_PREVIEW_UNAVAILABLE' };

test('gives every answer to the one who asked', async () => {
  const grabs = new PendingGrabs();
  const ids: number[] = [];
  const asked = [1, 2, 3].map(() => grabs.ask((id) => ids.push(id)));
  for (const id of ids.toReversed()) grabs.settle(id, Uint8Array.of(id));
  assert.deepEqual(
    (await Promise.all(asked)).map((jpeg) => jpeg[0]),
    ids,
  );
});

test('rejects when there was no picture', async () => {
  const grabs = new PendingGrabs();
  await assert.rejects(
    grabs.ask((id) => {
      grabs.settle(id, null);
    }),
    unavailable,
  );
});

test('rejects when no answer comes at all', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked = new PendingGrabs().ask(() => undefined);
  t.mock.timers.tick(4000);
  await assert.rejects(asked, unavailable);
});

test('rejects all when the thread is gone, and takes no notice of answers after that', async () => {
  const grabs = new PendingGrabs();
  const ids: number[] = [];
  const asked = [1, 2].map(() => grabs.ask((id) => ids.push(id)));
  grabs.rejectAll('The preview has stopped');
  for (const promise of asked) await assert.rejects(promise, unavailable);
  for (const id of ids) grabs.settle(id, Uint8Array.of(1));
});

test('turns away who asks when very many wait', async () => {
  const grabs = new PendingGrabs();
  const asked = Array.from({ length: 64 }, () => grabs.ask(() => undefined));
  await assert.rejects(
    grabs.ask(() => undefined),
    { code: 'SM_PREVIEW_LIMIT' },
  );
  grabs.rejectAll('The test is over');
  await Promise.allSettled(asked);
});
