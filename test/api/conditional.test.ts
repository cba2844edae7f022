import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { JsonOperation } from '../../src/api/operation.js';
import { type Harness, type Reply, startHarness } from './harness.js';
import { openRpc, type RpcClient } from './rpc-client.js';

let api: Harness;
let rpc: RpcClient;
before(async () => {
  api = await startHarness();
  rpc = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
});
after(async () => {
  rpc.close();
  await api.close();
});

function etagOf({ headers }: Reply): string {
  const { etag } = headers;
  assert.ok(typeof etag === 'string', 'there is an ETag');
  assert.match(etag, /^"[\w-]{22}"$/);
  return etag;
}

async function etagAt(path: string): Promise<string> {
  return etagOf(await api.call('GET', path));
}

test('every resource has a strong tag, which changes with it and with nothing else', async () => {
  await api.call('POST', '/api/scenes', { body: { id: 'a' } });
  await api.call('POST', '/api/scenes', { body: { id: 'b' } });
  const [a, b, list] = [
    await etagAt('/api/scenes/a'),
    await etagAt('/api/scenes/b'),
    await etagAt('/api/scenes'),
  ];
  assert.notEqual(a, b);
  await api.call('PATCH', '/api/scenes/a', { body: { name: 'A' } });
  assert.notEqual(await etagAt('/api/scenes/a'), a);
  assert.notEqual(await etagAt('/api/scenes'), list);
  assert.equal(await etagAt('/api/scenes/b'), b);
  await api.call('PATCH', '/api/scenes/a', { body: { name: '' } });
  assert.equal(await etagAt('/api/scenes/a'), a, 'the same content has the same tag');
  const reads = api.server.operations.filter(
    (one): one is JsonOperation => one.kind === 'json' && one.method === 'GET',
  );
  for (const { path } of reads) if (!path.includes('{')) await etagAt(path);
});

test('what a client has already is not sent again', async () => {
  const etag = await etagAt('/api/scenes/a');
  for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const reply = await api.call('GET', '/api/scenes/a', { headers: { 'if-none-match': known } });
    assert.equal(reply.status, 304, known);
    assert.equal(reply.text, '');
    assert.equal(etagOf(reply), etag);
  }
  const other = await api.call('GET', '/api/scenes/a', { headers: { 'if-none-match': '"x"' } });
  assert.equal(other.status, 200);
});

test('the answer of a change carries the tag of what it has made', async () => {
  const created = await api.call('POST', '/api/scenes', { body: { id: 'c' } });
  assert.equal(created.headers['etag'], undefined, 'the tag of a scene is none of the list');
  const patched = await api.call('PATCH', '/api/scenes/c', { body: { name: 'C' } });
  assert.equal(etagOf(patched), await etagAt('/api/scenes/c'));
  const replaced = await api.call('PUT', '/api/scenes/c', { body: { background: '#123456' } });
  assert.equal(etagOf(replaced), await etagAt('/api/scenes/c'));
  const config = await api.call('PATCH', '/api/config', { body: { bitrate: 3_000_000 } });
  assert.equal(etagOf(config), await etagAt('/api/config'));
});

test('a change is made only while the resource is as its client has seen it', async () => {
  const seen = await etagAt('/api/scenes/c');
  const change = (ifMatch: string, name: string): Promise<Reply> =>
    api.call('PATCH', '/api/scenes/c', { body: { name }, headers: { 'if-match': ifMatch } });
  assert.equal((await change(seen, 'mine')).status, 200);
  const lost = await change(seen, 'yours');
  assert.equal(lost.status, 412);
  assert.equal(lost.json['code'], 'SM_PRECONDITION_FAILED');
  assert.match((await api.call('GET', '/api/scenes/c')).text, /"mine"/);
  assert.equal((await change(`W/${await etagAt('/api/scenes/c')}`, 'weak')).status, 412);
  assert.equal((await change(`"x", ${await etagAt('/api/scenes/c')}`, 'one of')).status, 200);
  assert.equal((await change('*', 'any')).status, 200);
  const gone = await api.call('PATCH', '/api/scenes/zzz', {
    body: {},
    headers: { 'if-match': '*' },
  });
  assert.equal(gone.status, 404);
});

test('of changes at once that have seen the same, exactly one is made', async () => {
  const seen = await etagAt('/api/scenes/c');
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      api.call('PATCH', '/api/scenes/c', {
        body: { name: `at once ${i}` },
        headers: { 'if-match': seen },
      }),
    ),
  );
  const statuses = replies.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, ...Array<number>(11).fill(412)]);
});

test('conditions hold for removing, for verbs, and for lists as well', async () => {
  const stale = await etagAt('/api/scenes/c');
  await api.call('PATCH', '/api/scenes/c', { body: { name: 'newer' } });
  const headers = { 'if-match': stale };
  assert.equal((await api.call('POST', '/api/scenes/c/activate', { headers })).status, 412);
  assert.equal((await api.call('DELETE', '/api/scenes/c', { headers })).status, 412);
  const list = await etagAt('/api/scenes/c/layers');
  const body = { id: 'l', type: 'text', text: 'x' };
  const add = (): Promise<Reply> =>
    api.call('POST', '/api/scenes/c/layers', { body, headers: { 'if-match': list } });
  assert.equal((await add()).status, 201);
  assert.equal((await add()).status, 412);
  const layer = await etagAt('/api/scenes/c/layers/l');
  const removed = await api.call('DELETE', '/api/scenes/c/layers/l', {
    headers: { 'if-match': layer },
  });
  assert.equal(removed.status, 204);
});

test('an output has a tag for how it is set up, not for what it does', async () => {
  const body = { id: 'far', url: 'rtmp://127.0.0.1:9/app/key' };
  await api.call('POST', '/api/outputs', { body });
  const seen = await etagAt('/api/outputs/far');
  const reply = await api.call('PATCH', '/api/outputs/far', {
    body: { enabled: false },
    headers: { 'if-match': seen },
  });
  assert.equal(reply.status, 200, reply.text);
  assert.notEqual(etagOf(reply), seen);
  assert.equal(etagOf(reply), await etagAt('/api/outputs/far'));
});

test('JSON-RPC has the same: it gives tags when asked, and takes conditions', async () => {
  const read = await rpc.call('scenes.get', { id: 'c', withEtag: true });
  const { result } = read;
  assert.ok(typeof result === 'object' && result !== null && 'etag' in result && 'value' in result);
  assert.equal(result['etag'], await etagAt('/api/scenes/c'));
  assert.deepEqual(result['value'], (await api.call('GET', '/api/scenes/c')).json);
  const change = (name: string): ReturnType<RpcClient['call']> =>
    rpc.call('scenes.update', { id: 'c', name, ifMatch: result['etag'] });
  assert.equal((await change('by rpc')).error, undefined);
  assert.equal((await change('again')).error?.data.code, 'SM_PRECONDITION_FAILED');
});
