import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCENE_LIMITS } from '../../src/scene/limits.js';
import type { TickerItem } from '../../src/scene/schema/ticker-item.js';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness();
  const box = { type: 'ticker', width: 1000, height: 60 };
  const layers = [
    { id: 'title', type: 'text', text: 'Hi' },
    { ...box, id: 'news', items: [{ id: 'first', text: 'First' }] },
    { ...box, id: 'once', items: [], loop: false, speed: 10_000 },
    { ...box, id: 'plain', text: 'Runs without end' },
  ];
  await api.call('POST', '/api/scenes', { body: { id: 'show', layers } });
  await api.call('POST', '/api/scenes/show/activate');
});
after(() => api.close());

function itemsOf(id: string): readonly TickerItem[] {
  const layer = api.store.state.scenes[0]?.layers.find((one) => one.id === id);
  assert.ok(layer?.type === 'ticker');
  return layer.items ?? [];
}

const NEWS = '/api/scenes/show/layers/news/items';

test('pushes, removes and clears items', async () => {
  const notBeforeMs = Date.now();
  const pushed = await api.call('POST', NEWS, {
    body: { items: [{ text: 'Second' }, { id: 'sun', text: '24 °C', image: 'sun' }] },
  });
  assert.equal(pushed.status, 201, pushed.text);
  assert.deepEqual(
    itemsOf('news').map(({ text }) => text),
    ['First', 'Second', '24 °C'],
  );
  const added = itemsOf('news').slice(1);
  assert.deepEqual(pushed.json['items'], added);
  assert.ok(added.every(({ atMs }) => atMs !== null && atMs >= notBeforeMs));

  const removed = await api.call('DELETE', `${NEWS}/sun`);
  assert.equal(removed.status, 204, removed.text);
  const again = await api.call('DELETE', `${NEWS}/sun`);
  assert.deepEqual([again.status, again.textOf('code')], [404, 'SM_ITEM_UNKNOWN']);
  assert.deepEqual(
    itemsOf('news').map(({ removedAtMs }) => removedAtMs !== null),
    [false, false, true],
  );
  await api.call('DELETE', NEWS);
  assert.ok(itemsOf('news').every(({ removedAtMs }) => removedAtMs !== null));
});

test('tells of what was pushed', async () => {
  const heard: string[] = [];
  const stop = api.events.listen((event) => heard.push(event.type));
  await api.call('POST', NEWS, { body: { items: [{ id: 'x', text: 'x' }] } });
  await api.call('DELETE', `${NEWS}/x`);
  await api.call('DELETE', NEWS);
  stop();
  assert.deepEqual(heard, ['ticker.pushed', 'ticker.removed']);
});

test('forgets what has run through', async () => {
  const once = '/api/scenes/show/layers/once/items';
  const few = Array.from({ length: 10 }, (_, i) => ({ text: `item ${i}` }));
  const reply = await api.call('POST', once, { body: { items: few } });
  assert.equal(reply.status, 201, reply.text);
  // At its speed each of them enters within 30 ms and is through in 100 ms more; what has just gone is kept for a second.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await api.call('POST', once, { body: { items: [{ id: 'last', text: 'last' }] } });
  assert.deepEqual(
    itemsOf('once').map(({ id }) => id),
    ['last'],
  );
});

test('refuses what is too much', async () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ text: `item ${i}` }));
  const replies = await Promise.all(
    Array.from({ length: 6 }, () => api.call('POST', NEWS, { body: { items: many } })),
  );
  assert.ok(replies.some((reply) => reply.textOf('code') === 'SM_LAYER_FULL'));
  assert.ok(itemsOf('news').length <= SCENE_LIMITS.tickerItems);
});

test('refuses layers that have no queue', async () => {
  for (const id of ['title', 'plain']) {
    const reply = await api.call('POST', `/api/scenes/show/layers/${id}/items`, {
      body: { items: [{ text: 'x' }] },
    });
    assert.deepEqual([reply.status, reply.textOf('code')], [409, 'SM_LAYER_KIND'], reply.text);
  }
  const nothing = await api.call('POST', NEWS, { body: { items: [] } });
  assert.equal(nothing.status, 422);
});

test('a ticker needs a text or items', async () => {
  const body = { id: 'bare', type: 'ticker', width: 10, height: 10 };
  const reply = await api.call('POST', '/api/scenes/show/layers', { body });
  assert.equal(reply.status, 422);
  assert.match(reply.text, /is required when there are no items/);
});
