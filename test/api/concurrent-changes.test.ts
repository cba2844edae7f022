import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { RedisServer } from '../support/redis-server.js';
import { type Harness, type Reply, startHarness } from './harness.js';
import { eventually } from '../support/until.js';

let redis: RedisServer;
let api: Harness;
before(async () => {
  redis = await RedisServer.start();
});
after(() => redis.close());
beforeEach(async () => {
  api = await startHarness({}, redis.url);
});
afterEach(async () => {
  redis.resume();
  await api.close();
});

/** Makes the changes one after the other while none of them can be stored, so that each finds those before it unstored. */
async function changeUnstored(...changes: readonly (() => Promise<Reply>)[]): Promise<Reply[]> {
  redis.pause();
  const replies: Promise<Reply>[] = [];
  for (const change of changes) {
    const { head } = api.store;
    const reply = change();
    let isOver = false;
    void reply.finally(() => (isOver = true)).catch(() => undefined);
    replies.push(reply);
    await eventually(() => isOver || api.store.head !== head);
  }
  assert.notEqual(api.store.head, api.store.state, 'nothing is stored yet');
  redis.resume();
  return Promise.all(replies);
}

const patch =
  (path: string, body: unknown, headers = {}) =>
  (): Promise<Reply> =>
    api.call('PATCH', path, { body, headers });

test('two changes of the configuration at once both keep their fields', async () => {
  await changeUnstored(
    patch('/api/config', { bitrate: 3_000_000 }),
    patch('/api/config', { preset: 'veryfast' }),
  );
  const { bitrate, preset } = api.store.state.config;
  assert.deepEqual({ bitrate, preset }, { bitrate: 3_000_000, preset: 'veryfast' });
});

test('a configuration is changed back while its change is being stored', async () => {
  const { bitrate } = api.store.state.config;
  await changeUnstored(
    patch('/api/config', { bitrate: 3_000_000 }),
    patch('/api/config', { bitrate }),
  );
  assert.equal(api.store.state.config.bitrate, bitrate);
});

test('two changes of an output at once both count, also when one takes back the other', async () => {
  const url = 'rtmp://127.0.0.1/app/key';
  await api.call('POST', '/api/outputs', { body: { id: 'o', name: 'A', url } });
  const [, second] = await changeUnstored(
    patch('/api/outputs/o', { name: 'B' }),
    patch('/api/outputs/o', { enabled: false }),
  );
  assert.deepEqual([second?.json['name'], second?.json['enabled']], ['B', false]);
  await changeUnstored(
    patch('/api/outputs/o', { name: 'C' }),
    patch('/api/outputs/o', { name: 'B' }),
  );
  assert.equal(api.store.state.outputs.find(({ id }) => id === 'o')?.name, 'B');
});

test('a template is put back while its replacement is being stored', async () => {
  const scene = { layers: [] };
  await api.call('POST', '/api/templates', { body: { id: 't', name: 'A', scene } });
  const put = (name: string) => (): Promise<Reply> =>
    api.call('PUT', '/api/templates/t', { body: { name, scene } });
  await changeUnstored(put('B'), put('A'));
  assert.equal(api.store.state.templates[0]?.name, 'A');
});

test('a scene is made of a template that is being stored', async () => {
  const scene = { layers: [] };
  const [, made] = await changeUnstored(
    () => api.call('POST', '/api/templates', { body: { id: 't', name: 'A', scene } }),
    () => api.call('POST', '/api/templates/t/instantiate', { body: { sceneId: 'made' } }),
  );
  assert.equal(made?.status, 201, made?.text);
});

test('two changes of a scene, of a layer and of the variables at once all keep their fields', async () => {
  const layer = { id: 'l', type: 'text', text: 'x', fontSize: 20 };
  await api.call('POST', '/api/scenes', { body: { id: 's', layers: [layer] } });
  await changeUnstored(
    patch('/api/scenes/s', { name: 'N' }),
    patch('/api/scenes/s', { background: '#102030' }),
    patch('/api/scenes/s/layers/l', { x: 5 }),
    patch('/api/scenes/s/layers/l', { y: 7 }),
    patch('/api/variables', { values: { a: { b: 1 } } }),
    patch('/api/variables', { values: { a: { c: 2 } } }),
  );
  const [scene] = api.store.state.scenes;
  const [changed] = scene?.layers ?? [];
  assert.deepEqual([scene?.name, scene?.background], ['N', '#102030']);
  assert.deepEqual([changed?.x, changed?.y], [5, 7]);
  assert.deepEqual(api.store.state.variables, { a: { b: 1, c: 2 } });
});

test('program and preview stand for the scenes that the change will find there', async () => {
  for (const id of ['a', 'b']) await api.call('POST', '/api/scenes', { body: { id } });
  await api.call('POST', '/api/scenes/a/activate', { body: {} });
  const [activated, loaded, onAir, inPreview] = await changeUnstored(
    () => api.call('POST', '/api/scenes/b/activate', { body: {} }),
    () => api.call('POST', '/api/preview', { body: { sceneId: 'program' } }),
    patch('/api/scenes/program', { name: 'on air' }),
    patch('/api/scenes/preview', { background: '#102030' }),
  );
  assert.deepEqual(
    [activated?.json['sceneId'], loaded?.json['sceneId'], onAir?.json['id'], inPreview?.json['id']],
    ['b', 'b', 'b', 'b'],
  );
});

test('a condition and the change that it guards are about the same scene', async () => {
  for (const id of ['a', 'b']) await api.call('POST', '/api/scenes', { body: { id } });
  await api.call('POST', '/api/scenes/a/activate', { body: {} });
  const seen = await api.call('GET', '/api/scenes/b');
  const [, guarded] = await changeUnstored(
    () => api.call('POST', '/api/scenes/b/activate', { body: {} }),
    patch('/api/scenes/program', { name: 'mine' }, { 'if-match': seen.headers['etag'] }),
  );
  assert.equal(guarded?.status, 200, guarded?.text);
  assert.equal(guarded.json['id'], 'b');
  assert.equal(api.store.state.scenes.find(({ id }) => id === 'a')?.name, '');
});

test('what is being stored cannot be read yet, for it may still be refused', async () => {
  const { bitrate } = api.store.state.config;
  redis.pause();
  const { head } = api.store;
  const change = api.call('PATCH', '/api/config', { body: { bitrate: 3_000_000 } });
  await eventually(() => api.store.head !== head);
  const read = await api.call('GET', '/api/config');
  assert.equal(read.json['bitrate'], api.store.state.config.bitrate);
  redis.resume();
  await change;
  assert.notEqual(api.store.state.config.bitrate, bitrate);
});

test('a change that changes nothing is answered once what it repeats is stored', async () => {
  const change = patch('/api/config', { bitrate: 3_000_000 });
  redis.pause();
  const { head } = api.store;
  const first = change();
  await eventually(() => api.store.head !== head);
  const repeated = change().then(() => api.store.state.config.bitrate);
  await api.call('GET', '/api/config');
  redis.resume();
  assert.equal(await repeated, 3_000_000);
  const { revision } = api.store.state;
  await Promise.all([first, change()]);
  assert.equal(api.store.state.revision, revision, 'it is no new revision');
});
