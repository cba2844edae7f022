import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

const TITLE = { id: 'title', type: 'text', text: 'Good evening' };

test('creates, reads, replaces, patches and removes a scene', async () => {
  const created = await api.call('POST', '/api/scenes', { body: { id: 'intro', layers: [TITLE] } });
  assert.equal(created.status, 201, created.text);
  assert.equal(created.headers['location'], '/api/scenes/intro');
  assert.equal(created.json['width'], 1920);

  const read = await api.call('GET', '/api/scenes/intro');
  assert.deepEqual(read.json, created.json);

  const replaced = await api.call('PUT', '/api/scenes/intro', {
    body: { ...read.json, background: '#203040' },
  });
  assert.equal(replaced.status, 200, replaced.text);
  assert.equal(replaced.json['background'], '#203040');

  const patched = await api.call('PATCH', '/api/scenes/intro', {
    raw: '{"name":"Intro","background":null}',
    headers: { 'content-type': 'application/merge-patch+json' },
  });
  assert.equal(patched.status, 200, patched.text);
  assert.equal(patched.json['name'], 'Intro');
  assert.equal(patched.json['background'], '#000000');

  assert.equal((await api.call('DELETE', '/api/scenes/intro')).status, 204);
  const gone = await api.call('GET', '/api/scenes/intro');
  assert.equal(gone.status, 404);
  assert.equal(gone.json['code'], 'SM_SCENE_UNKNOWN');
});

test('makes an id for a scene and for a layer that come without one', async () => {
  const scene = await api.call('POST', '/api/scenes', { body: {} });
  assert.equal(scene.status, 201, scene.text);
  assert.match(scene.textOf('id'), /^[0-9a-f]{12}$/);
  const layer = await api.call('POST', `/api/scenes/${scene.textOf('id')}/layers`, {
    body: { type: 'shape', shape: 'ellipse', width: 10, height: 10 },
  });
  assert.equal(layer.status, 201, layer.text);
  assert.match(layer.textOf('id'), /^[0-9a-f]{12}$/);
  assert.equal(
    layer.headers['location'],
    `/api/scenes/${scene.textOf('id')}/layers/${layer.textOf('id')}`,
  );
});

test('lets "program" stand for the scene on air', async () => {
  const none = await api.call('GET', '/api/scenes/program');
  assert.equal(none.status, 404);
  assert.match(none.textOf('detail'), /No scene is on air/);

  await api.call('POST', '/api/scenes', { body: { id: 'show', layers: [TITLE] } });
  const onAir = await api.call('POST', '/api/scenes/show/activate');
  assert.equal(onAir.status, 200, onAir.text);
  assert.equal(onAir.json['sceneId'], 'show');

  const text = await api.call('PATCH', '/api/scenes/program/layers/title', {
    body: { text: 'Now' },
  });
  assert.equal(text.json['text'], 'Now');
  const same = await api.call('GET', '/api/scenes/program');
  assert.equal(same.json['id'], 'show');
  const put = await api.call('PUT', '/api/scenes/program', { body: same.json });
  assert.equal(put.status, 200, put.text);
  const removed = await api.call('DELETE', '/api/scenes/program');
  assert.equal(removed.json['code'], 'SM_SCENE_ON_AIR');
  assert.equal(
    (await api.call('GET', '/api/stream/status')).json['revision'],
    api.store.state.revision,
  );
});

test('moves layers in the stack by index', async () => {
  await api.call('POST', '/api/scenes', { body: { id: 'stack' } });
  const path = '/api/scenes/stack/layers';
  for (const id of ['a', 'b']) {
    await api.call('POST', path, { body: { ...TITLE, id } });
  }
  const bottom = await api.call('POST', path, { body: { ...TITLE, id: 'c', index: 0 } });
  assert.equal(bottom.status, 201, bottom.text);
  assert.equal(bottom.json['index'], undefined);
  await api.call('PATCH', `${path}/a`, { body: { index: 2 } });
  const { layers } = (await api.call('GET', path)).json;
  assert.ok(Array.isArray(layers));
  const ids = api.store.state.scenes.find(({ id }) => id === 'stack')?.layers.map(({ id }) => id);
  assert.deepEqual(ids, ['c', 'b', 'a']);
  assert.equal((await api.call('DELETE', `${path}/b`)).status, 204);
});

test('starts and stops the stream, and keeps the wish', async () => {
  const started = await api.call('POST', '/api/stream/start');
  assert.equal(started.status, 200, started.text);
  assert.equal(started.json['state'], 'live');
  assert.equal(api.store.state.stream.wanted, 'live');

  const refused = await api.call('PATCH', '/api/config', { body: { fps: 30 } });
  assert.equal(refused.status, 409);
  assert.equal(refused.json['code'], 'SM_STREAM_LIVE');

  const stopped = await api.call('POST', '/api/stream/stop');
  assert.equal(stopped.json['state'], 'offline');
  assert.equal(api.store.state.stream.wanted, 'offline');
});

test('stops a stream that is still starting', async () => {
  let fail = (): void => undefined;
  api.program.startsWith = () =>
    new Promise((_resolve, reject) => {
      fail = () => {
        reject(new Error('stopped'));
      };
    });
  const starting = api.call('POST', '/api/stream/start');
  while (api.program.state !== 'starting') await new Promise((resolve) => setTimeout(resolve, 2));
  const stopped = await api.call('POST', '/api/stream/stop');
  assert.equal(stopped.status, 200, stopped.text);
  assert.equal(api.store.state.stream.wanted, 'offline');
  fail();
  assert.equal((await starting).json['code'], 'SM_INTERNAL');
  api.program.startsWith = () => Promise.resolve();
});

test('takes resolution and rate as people write them', async () => {
  const rates: [unknown, unknown][] = [
    [60, { num: 60, den: 1 }],
    [59.94, { num: 60000, den: 1001 }],
    [29.97, { num: 30000, den: 1001 }],
    [23.976, { num: 24000, den: 1001 }],
    ['30000/1001', { num: 30000, den: 1001 }],
    ['25', { num: 25, den: 1 }],
    [
      { num: 50, den: 1 },
      { num: 50, den: 1 },
    ],
  ];
  for (const [fps, expected] of rates) {
    const reply = await api.call('PATCH', '/api/config', { body: { fps } });
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual(reply.json['fps'], expected);
  }
  const portrait = await api.call('PATCH', '/api/config', { body: { resolution: '1080x1920' } });
  assert.deepEqual(portrait.json['resolution'], { width: 1080, height: 1920 });
  for (const wrong of [
    { fps: 59.5 },
    { fps: 0 },
    { fps: '30/0' },
    { resolution: '1920' },
    { resolution: '1921x1080' },
    { preset: 'quick' },
  ]) {
    const reply = await api.call('PATCH', '/api/config', { body: wrong });
    assert.equal(reply.status, 422, JSON.stringify(wrong));
    assert.match(reply.textOf('detail'), new RegExp(`/${Object.keys(wrong).join('')}`));
  }
});

test('hides the keys of outputs and shows the built-in one', async () => {
  const created = await api.call('POST', '/api/outputs', {
    body: { id: 'twitch', url: 'rtmp://live.example/app//live_key?auth=secret' },
  });
  assert.equal(created.status, 201, created.text);
  assert.equal(created.json['url'], 'rtmp://live.example/app/***');
  const listed = await api.call('GET', '/api/outputs');
  assert.match(listed.text, /rtmp:\/\/127\.0\.0\.1:1935\/live\/program/);
  assert.doesNotMatch(listed.text, /live_key|secret/);
  assert.doesNotMatch((await api.call('GET', '/api/stream/status')).text, /live_key|secret/);

  const hidden = await api.call('PATCH', '/api/outputs/twitch', {
    body: { url: created.json['url'] },
  });
  assert.equal(hidden.status, 200, 'what was read may be sent back');
  assert.equal(
    api.store.state.outputs.find(({ id }) => id === 'twitch')?.url,
    'rtmp://live.example/app//live_key?auth=secret',
  );
  const elsewhere = { url: 'rtmp://other.example/app/***' };
  const unknown = await api.call('PATCH', '/api/outputs/twitch', { body: elsewhere });
  assert.equal(unknown.status, 422, 'a hidden key must not be stored as the key');
  for (const url of ['http://a/b/c', 'rtmp://', 'live', 'rtmp://host', 'rtmp://a b/c/d']) {
    const reply = await api.call('POST', '/api/outputs', { body: { url } });
    assert.equal(reply.status, 422, url);
    assert.match(JSON.stringify(reply.json['errors']), /\/url/);
  }
  const builtIn = await api.call('PATCH', '/api/outputs/program', { body: { enabled: false } });
  assert.equal(builtIn.json['code'], 'SM_OUTPUT_BUILT_IN');
  assert.equal((await api.call('DELETE', '/api/outputs/twitch')).status, 204);
});

test('answers HEAD without a body and OPTIONS with what an address takes', async () => {
  const head = await api.call('HEAD', '/api/config');
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
  const full = await api.call('GET', '/api/config');
  assert.equal(head.headers['content-length'], String(full.text.length));
  const options = await api.call('OPTIONS', '/api/scenes/x');
  assert.equal(options.status, 204);
  assert.equal(options.headers['allow'], 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS');
  const wrong = await api.call('DELETE', '/api/scenes');
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers['allow'], 'GET, POST, HEAD, OPTIONS');
  assert.equal((await api.call('GET', '/api/nothing')).json['code'], 'SM_ROUTE_UNKNOWN');
  assert.equal((await api.call('GET', '/api/scenes/%ff')).status, 404);
});

test('says whether it lives and whether it is ready', async () => {
  const health = await api.call('GET', '/health');
  assert.equal(health.json['version'], '1.2.3');
  assert.equal((await api.call('GET', '/ready')).json['ready'], true);
  api.isReady = false;
  const starting = await api.call('GET', '/ready');
  assert.equal(starting.status, 503);
  assert.match(starting.text, /rendering threads/);
  api.isReady = true;
  api.program.state = 'failed';
  api.program.failure = 'FFmpeg has stopped';
  assert.equal((await api.call('GET', '/health')).status, 200, 'nobody wants it to be live');
  await api.call('POST', '/api/stream/start');
  api.program.state = 'failed';
  for (const path of ['/ready', '/health']) {
    const failing = await api.call('GET', path);
    assert.equal(failing.status, 503);
    assert.match(failing.text, /FFmpeg has stopped/);
  }
  await api.call('POST', '/api/stream/stop');
  api.program.state = 'offline';
  api.program.failure = null;
  api.program.troubles = ['The compositor is being started again: it ended by itself.'];
  for (const path of ['/ready', '/health']) {
    const failing = await api.call('GET', path);
    assert.equal(failing.status, 503);
    assert.match(failing.text, /compositor/);
  }
  api.program.troubles = [];
  assert.equal((await api.call('GET', '/health')).json['status'], 'ok');
  assert.match((await api.call('GET', '/metrics')).text, /stream_manager_up/);
});

test('counts requests by operation and status', () => {
  const { requests } = api.metrics;
  assert.ok(
    requests.some(({ operation, status }) => operation === 'scenes.create' && status === 201),
  );
  assert.ok(requests.some(({ operation, status }) => operation === 'scenes.get' && status === 404));
  assert.ok(
    requests.some(({ operation, status }) => operation === 'service.health' && status === 200),
  );
});
