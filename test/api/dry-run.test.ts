import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.js';
import { openRpc } from './rpc-client.js';

let api: Harness;
before(async () => {
  api = await startHarness();
  await api.call('POST', '/api/scenes', { body: { id: 'main' } });
});
after(() => api.close());

const PICTURE = { id: 'p', type: 'image', asset: 'nowhere', width: 10, height: 10 };

test('a change that is tried out answers what it would, and changes and tells nothing', async () => {
  const { state } = api.store;
  const { newestSeq } = api.events;
  const reply = await api.call('PATCH', '/api/scenes/main?dryRun=true', { body: { name: 'New' } });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.json['dryRun'], true);
  assert.match(JSON.stringify(reply.json['result']), /"name":"New"/);
  assert.equal(reply.headers['etag'], undefined);
  const created = await api.call('POST', '/api/scenes?dryRun=true', { body: { id: 'x' } });
  assert.equal(created.status, 200);
  assert.equal(created.headers['location'], undefined);
  const removed = await api.call('DELETE', '/api/scenes/main?dryRun=true');
  assert.deepEqual(removed.json['result'], null);
  assert.equal(api.store.state, state);
  assert.equal(api.events.newestSeq, newestSeq);
});

test('it is validated as the change itself', async () => {
  const invalid = await api.call('PATCH', '/api/scenes/main?dryRun=true', { body: { width: 0 } });
  assert.equal(invalid.json['code'], 'SM_REQUEST_INVALID');
  const unknown = await api.call('DELETE', '/api/scenes/nowhere?dryRun=true');
  assert.equal(unknown.json['code'], 'SM_SCENE_UNKNOWN');
  const condition = await api.call('DELETE', '/api/scenes/main?dryRun=true', {
    headers: { 'if-match': '"x"' },
  });
  assert.equal(condition.status, 412);
  const real = await api.call('PATCH', '/api/scenes/main?dryRun=false', { body: { name: 'Real' } });
  assert.equal(real.json['name'], 'Real');
  assert.equal((await api.call('DELETE', '/api/scenes/main?dryRun=1')).status, 422);
});

test('it reports pictures that are not there', async () => {
  const reply = await api.call('POST', '/api/scenes/main/layers?dryRun=true', { body: PICTURE });
  assert.deepEqual(reply.json['report'], {
    missingAssets: [{ assetId: 'nowhere', sceneIds: ['main'], sourceIds: [], state: 'unknown' }],
    missingGlyphs: [],
    cost: null,
  });
  await api.call('POST', '/api/scenes/main/layers', { body: PICTURE });
  const other = await api.call('POST', '/api/scenes?dryRun=true', { body: { id: 'other' } });
  assert.match(other.text, /"missingAssets":\[\]/);
  const taken = await api.call('POST', '/api/scenes/main/activate?dryRun=true');
  assert.match(taken.text, /"assetId":"nowhere"/);
});

test('a batch can be tried out as a whole, scheduled or not', async () => {
  const { state } = api.store;
  const operations = [
    { method: 'scenes.create', params: { id: 'y', layers: [PICTURE] } },
    { method: 'scenes.activate', params: { id: 'y' } },
  ];
  for (const at of [undefined, { time: Date.now() + 60_000 }]) {
    const reply = await api.call('POST', '/api/batch?dryRun=true', { body: { operations, at } });
    assert.equal(reply.status, 200, reply.text);
    assert.match(JSON.stringify(reply.json['result']), at === undefined ? /applied/ : /scheduled/);
  }
  const broken = { operations: [...operations, { method: 'scenes.remove', params: { id: 'y' } }] };
  const refused = await api.call('POST', '/api/batch?dryRun=true', { body: broken });
  assert.equal(refused.json['code'], 'SM_SCENE_ON_AIR');
  assert.equal(api.store.state, state);
});

test('what does more than change the state cannot be tried out', async () => {
  for (const [method, path] of [
    ['POST', '/api/stream/start'],
    ['PATCH', '/api/config'],
    ['POST', '/api/outputs'],
  ] as const) {
    const body = { url: 'rtmp://127.0.0.1/a/b', fps: 25 };
    const reply = await api.call(method, `${path}?dryRun=true`, method === 'POST' ? {} : { body });
    assert.equal(reply.json['code'], 'SM_DRY_RUN_UNSUPPORTED', path);
  }
  const bytes = await api.call('POST', '/api/assets?dryRun=true', {
    raw: 'x',
    headers: { 'content-type': 'image/png' },
  });
  assert.equal(bytes.json['code'], 'SM_DRY_RUN_UNSUPPORTED');
  assert.equal(api.program.state, 'offline');
});

test('JSON-RPC tries out by a member of the params', async () => {
  const rpc = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
  const { state } = api.store;
  const { result } = await rpc.call('scenes.update', { id: 'main', name: 'X', dryRun: true });
  assert.match(JSON.stringify(result), /"dryRun":true.*"name":"X"/);
  assert.equal(api.store.state, state);
  rpc.close();
});
