import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness({ limits: { requestsPerSecond: 5000 } });
  const layers = [
    { id: 'title', type: 'text', text: 'Hi' },
    { id: 'chat', type: 'chat', width: 400, height: 600, maxMessages: 3 },
  ];
  await api.call('POST', '/api/scenes', { body: { id: 'talk', layers } });
});
after(() => api.close());

const CHAT = '/api/scenes/talk/layers/chat';

async function staying(): Promise<string[]> {
  const layer = api.store.state.scenes[0]?.layers.find(({ id }) => id === 'chat');
  assert.ok(layer?.type === 'chat');
  return Promise.resolve(
    layer.messages.filter((one) => one.removedAtMs === null).map(({ text }) => text),
  );
}

test('appends, edits, removes and clears messages', async () => {
  const sent = { id: 'first', author: 'Mira\u202e', text: ' Sold!\u0000\n ' };
  const reply = await api.call('POST', `${CHAT}/messages`, { body: sent });
  assert.equal(reply.status, 201, reply.text);
  assert.deepEqual([reply.json['author'], reply.json['text']], ['Mira', 'Sold!']);
  assert.ok(Number(reply.json['atMs']) > 0);
  assert.deepEqual(reply.json['emotes'], []);

  const made = await api.call('POST', `${CHAT}/messages`, { body: { author: 'Jo', text: 'wow' } });
  assert.match(made.textOf('id'), /^[0-9a-f]{12}$/);
  await api.call('POST', `${CHAT}/messages`, { body: { ...sent, text: 'Sold for 14 ETH' } });
  assert.deepEqual(await staying(), ['Sold for 14 ETH', 'wow']);

  const removed = await api.call('DELETE', `${CHAT}/messages/first`);
  assert.equal(removed.status, 204, removed.text);
  const again = await api.call('DELETE', `${CHAT}/messages/first`);
  assert.deepEqual([again.status, again.textOf('code')], [404, 'SM_MESSAGE_UNKNOWN']);

  for (const author of ['troll', 'Mira', 'troll'])
    await api.call('POST', `${CHAT}/messages`, { body: { author, text: author } });
  assert.deepEqual(await staying(), ['troll', 'Mira', 'troll'], 'three stay');
  await api.call('DELETE', `${CHAT}/messages?author=troll`);
  assert.deepEqual(await staying(), ['Mira']);
  await api.call('DELETE', `${CHAT}/messages`);
  assert.deepEqual(await staying(), []);
});

test('tells of messages without telling of the whole layer', async () => {
  const heard: unknown[] = [];
  const stop = api.events.listen(({ type, data }) => heard.push([type, Object.keys(data).sort()]));
  await api.call('POST', `${CHAT}/messages`, { body: { id: 'm', text: 'hello' } });
  await api.call('DELETE', `${CHAT}/messages/m`);
  await api.call('DELETE', `${CHAT}/messages`);
  stop();
  assert.deepEqual(heard, [
    ['chat.appended', ['layerId', 'message', 'revision', 'sceneId']],
    ['chat.removed', ['layerId', 'messageId', 'revision', 'sceneId']],
  ]);
});

test('refuses what is no message', async () => {
  const post = (body: unknown) => api.call('POST', `${CHAT}/messages`, { body });
  for (const body of [
    {},
    { text: 'x'.repeat(1001) },
    { text: 'x', author: 'y'.repeat(101) },
    { text: 'x', colour: 'red' },
    { text: 'x', id: '../up' },
    { text: 'x', atMs: 'now' },
    { text: 'x', emotes: [{ token: 'two words', asset: 'a' }] },
    { text: 'x', authorColor: 'url(x)' },
  ])
    assert.equal((await post(body)).status, 422, JSON.stringify(body).slice(0, 60));
  const title = await api.call('POST', '/api/scenes/talk/layers/title/messages', {
    body: { text: 'x' },
  });
  assert.deepEqual([title.status, title.textOf('code')], [409, 'SM_LAYER_KIND']);
});

test('takes a thousand messages, and stays small', async () => {
  const all = Array.from({ length: 1000 }, (_, i) =>
    api.call('POST', `${CHAT}/messages`, { body: { author: `u${i % 40}`, text: `message ${i}` } }),
  );
  const replies = await Promise.all(all);
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [201]);
  assert.equal((await staying()).length, 3);
  const layer = await api.call('GET', CHAT);
  assert.ok(layer.text.length < 100_000, String(layer.text.length));
});
