import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { type Harness, startHarness } from './harness.js';
import { openRpc, type RpcClient } from './rpc-client.js';
import { eventually } from '../support/until.js';

let api: Harness;
let client: RpcClient;
before(async () => {
  api = await startHarness({
    limits: { sockets: 3, socketPayloadBytes: 64 * 1024, socketBacklogBytes: 256 * 1024 },
  });
  client = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
});
after(async () => {
  client.close();
  await api.close();
});

test('carries out every operation of REST by its name', async () => {
  const created = await client.call('scenes.create', { id: 'intro', name: 'Intro' });
  assert.deepEqual(created.result, (await api.call('GET', '/api/scenes/intro')).json);
  await client.call('layers.create', {
    sceneId: 'intro',
    index: 0,
    id: 'title',
    type: 'text',
    text: 'Hello',
  });
  const patched = await client.call('layers.update', {
    sceneId: 'intro',
    layerId: 'title',
    text: 'Bye',
  });
  assert.match(JSON.stringify(patched.result), /"Bye"/);
  const replaced = await client.call('scenes.replace', { id: 'intro', name: 'Again' });
  assert.match(JSON.stringify(replaced.result), /"Again"/);
  await client.call('scenes.activate', { id: 'intro' });
  const onAir = await client.call('scenes.update', { id: 'program', background: '#111111' });
  assert.match(JSON.stringify(onAir.result), /#111111/);
  const removed = await client.call('layers.remove', { sceneId: 'intro', layerId: 'title' });
  assert.equal(removed.error?.data.code, 'SM_LAYER_UNKNOWN');
  const started = await client.call('stream.start');
  assert.match(JSON.stringify(started.result), /"live"/);
  assert.equal((await client.call('stream.stop', {})).error, undefined);
});

test('answers errors with the codes of JSON-RPC and the problem of REST', async () => {
  const unknown = await client.call('scenes.explode');
  assert.equal(unknown.error?.code, -32601);
  const invalid = await client.call('scenes.create', { width: 0 });
  assert.equal(invalid.error?.code, -32602);
  const conflict = await client.call('scenes.get', { id: 'nowhere' });
  assert.equal(conflict.error?.code, -32000);
  assert.deepEqual(conflict.error.data, (await api.call('GET', '/api/scenes/nowhere')).json);
  const field = await client.call('config.get', { verbose: true });
  assert.equal(field.error?.code, -32602);
});

test('tells malformed messages by their codes', async () => {
  const cases: [string | Uint8Array, number][] = [
    ['{', -32700],
    [new Uint8Array([0xff, 0xd8]), -32700],
    ['[]', -32600],
    ['1', -32600],
    ['{"method":"config.get","id":7}', -32600],
    ['{"jsonrpc":"2.0","method":"config.get","params":[1],"id":8}', -32602],
    [`${'['.repeat(40)}${']'.repeat(40)}`, -32600],
  ];
  for (const [text, code] of cases) {
    const [answer] = await client.say(text);
    assert.equal(answer?.error?.code, code, String(text));
  }
});

test('answers a batch in order and says nothing to notifications', async () => {
  const answers = await client.say(
    JSON.stringify([
      { jsonrpc: '2.0', method: 'config.get', id: 'a' },
      { jsonrpc: '2.0', method: 'config.get' },
      { jsonrpc: '2.0', method: 'nothing', id: 'b' },
    ]),
  );
  assert.deepEqual(
    answers.map(({ id }) => id),
    ['a', 'b'],
  );
});

test('sends events of the topics that were asked for, after the answer', async () => {
  const answer = await client.call('events.subscribe', { topics: ['scene'] });
  assert.match(JSON.stringify(answer.result), /"gap":false/);
  await api.call('POST', '/api/scenes', { body: { id: 'news' } });
  await api.call('PATCH', '/api/config', { body: { fps: 50 } });
  await api.call('DELETE', '/api/scenes/news');
  await eventually(() => client.events.length >= 2);
  assert.deepEqual(
    client.events.map(({ type }) => type),
    ['scene.created', 'scene.removed'],
  );
  const [first, second] = client.events;
  assert.ok(first && second && second.seq > first.seq);
  assert.ok(!Number.isNaN(Date.parse(first.at)));

  await client.call('events.unsubscribe', { topics: ['scene'] });
  await api.call('POST', '/api/scenes', { body: { id: 'quiet' } });
  assert.equal((await client.call('config.get')).error, undefined);
  assert.equal(client.events.length, 2);
});

test('replays what a client has missed, and tells when it is too old', async () => {
  const since = api.events.newestSeq;
  await api.call('POST', '/api/scenes', { body: { id: 'missed' } });
  const other = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
  const answer = await other.call('events.subscribe', { topics: ['scene'], since });
  assert.match(JSON.stringify(answer.result), /"gap":false/);
  await eventually(() => other.events.length === 1);
  assert.equal(other.events[0]?.type, 'scene.created');
  for (const old of [0, api.events.newestSeq + 10]) {
    const tooOld = await other.call('events.subscribe', { topics: ['scene'], since: old });
    assert.match(JSON.stringify(tooOld.result), /"gap":true/);
  }
  other.close();
  await eventually(() => api.metrics.sockets === 1);
});

test('sends statistics once a second while somebody wants them', async () => {
  const before = client.events.length;
  await client.call('events.subscribe', { topics: ['stats'] });
  await eventually(() => client.events.length > before);
  const sample = client.events.at(-1);
  assert.equal(sample?.topic, 'stats');
  assert.equal(sample.data['state'], 'offline');
  await client.call('events.unsubscribe', {});
});

test('cuts off a client that never reads', async () => {
  const deaf = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
  await deaf.call('events.subscribe', { topics: ['asset'] });
  deaf.socket.pause();
  let closed = false;
  deaf.socket.on('close', () => {
    closed = true;
  });
  const filler = 'x'.repeat(100_000);
  for (let i = 0; i < 2000 && api.metrics.sockets > 1; i++) {
    api.events.publish({ topic: 'asset', type: 'asset.updated', data: { filler } });
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await eventually(() => api.metrics.sockets === 1);
  deaf.socket.resume();
  await eventually(() => closed);
  assert.equal((await client.call('config.get')).error, undefined);
});

test('closes a socket whose message is too large, and no other', async () => {
  const loud = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
  const code = await new Promise((resolve) => {
    loud.socket.on('close', resolve);
    loud.socket.on('error', () => undefined);
    loud.socket.send('x'.repeat(65 * 1024));
  });
  assert.ok(code === 1009 || code === 1006, String(code));
  assert.equal((await client.call('config.get')).error, undefined);
});

test('opens so many sockets and no more', async () => {
  const others = [
    await openRpc(`ws://127.0.0.1:${api.port}/ws`),
    await openRpc(`ws://127.0.0.1:${api.port}/ws`),
  ];
  const status = await new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${api.port}/ws`);
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode);
      request.destroy();
    });
    socket.on('error', () => undefined);
  });
  assert.equal(status, 503);
  for (const other of others) other.close();
  await eventually(() => api.metrics.sockets === 1);
});

test('asks for a WebSocket where there is one', async () => {
  const reply = await api.call('GET', '/ws');
  assert.equal(reply.status, 426);
  assert.equal(reply.headers['upgrade'], 'websocket');
});
