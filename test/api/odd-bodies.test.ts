import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { type Harness, startHarness } from './harness.js';
import { openRpc } from './rpc-client.js';

let api: Harness;
before(async () => {
  // Far more requests than a client is allowed: each is sent as soon as the one before is answered.
  api = await startHarness({ limits: { requestsPerSecond: 5000 } });
  await api.call('POST', '/api/scenes', {
    body: { id: 'intro', layers: [{ id: 'title', type: 'text', text: 'x' }] },
  });
  await api.call('POST', '/api/templates', { body: { id: 'own', parameters: [], scene: {} } });
});
after(() => api.close());

const JSON_TYPE = { 'content-type': 'application/json' };

const CHANGES = [
  ['PATCH', '/api/config'],
  ['PATCH', '/api/variables'],
  ['PATCH', '/api/transitions'],
  ['PATCH', '/api/scenes/intro'],
  ['PUT', '/api/scenes/intro'],
  ['PATCH', '/api/scenes/intro/layers/title'],
  ['PUT', '/api/templates/own'],
  ['PATCH', '/api/outputs/program'],
  ['POST', '/api/scenes'],
  ['POST', '/api/scenes/intro/layers'],
  ['POST', '/api/scenes/intro/activate'],
  ['POST', '/api/program/take'],
  ['POST', '/api/preview'],
  ['POST', '/api/assets'],
  ['POST', '/api/batch'],
  ['POST', '/api/templates/own/instantiate'],
  ['POST', '/api/stream/stop'],
] as const;

test('refuses bodies that are no objects, and changes nothing', async () => {
  const { state } = api.store;
  for (const [method, path] of CHANGES) {
    for (const raw of ['null', '[]', '[null]', '7', '"text"', 'true', '[{"name":"x"}]']) {
      const reply = await api.call(method, path, { raw, headers: JSON_TYPE });
      assert.equal(reply.status, 422, `${method} ${path} ${raw}: ${reply.text}`);
      assert.equal(reply.json['code'], 'SM_REQUEST_INVALID');
    }
  }
  assert.equal(api.store.state, state);
});

test('refuses the one name that objects cannot keep, wherever it stands and however it is written', async () => {
  const { state } = api.store;
  const named = (name: string): string[] => [
    `{"${name}":1}`,
    `{"${name}":{"polluted":true}}`,
    `{"values":{"${name}":1}}`,
    `{"values":{"a":{"b":[{"${name}":null}]}}}`,
    `{"scene":{"${name}":{"x":1}},"parameters":[]}`,
    `{"parameters":{"${name}":"x"}}`,
    `{"operations":[{"method":"variables.set","params":{"values":{"${name}":1}}}]}`,
  ];
  const raws = ['__proto__', '\\u005f_proto__', '__\\u0070roto__'].flatMap(named);
  for (const [method, path] of CHANGES) {
    for (const raw of raws) {
      const reply = await api.call(method, path, { raw, headers: JSON_TYPE });
      assert.equal(reply.status, 422, `${method} ${path} ${raw}: ${reply.text}`);
      assert.match(reply.text, /__proto__/);
    }
  }
  for (const path of ['/api/scenes?__proto__=1', '/api/events?__proto__=x']) {
    const reply = await api.call('GET', path);
    assert.equal(reply.status, 422, reply.text);
  }
  assert.equal(api.store.state, state);
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
});

test('refuses it over JSON-RPC, to the request that holds it', async () => {
  const rpc = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
  const request = (id: number, values: string): string =>
    `{"jsonrpc":"2.0","id":${id},"method":"variables.set","params":{"values":${values}}}`;
  const [single] = await rpc.say(request(900, '{"__proto__":1}'));
  assert.deepEqual([single?.id, single?.error?.code], [900, -32602]);
  const both = await rpc.say(`[${request(901, '{"__proto__":1}')},${request(902, '{"fine":1}')}]`);
  assert.deepEqual(
    both.map(({ id, error }) => [id, error?.code]),
    [
      [901, -32602],
      [902, undefined],
    ],
  );
  // Also to one that comes after others have been waited for.
  const later = await rpc.say(
    `[${request(903, '{"first":1}')},${request(904, '{"second":2}')},${request(905, '{"\\u005f_proto__":1}')}]`,
  );
  assert.deepEqual(
    later.map(({ error }) => error?.code),
    [undefined, undefined, -32602],
  );
  rpc.close();
});

test('keeps other names that objects have by themselves, as they were sent', async () => {
  const values = { constructor: { prototype: 1 }, toString: 'x', hasOwnProperty: [1], valueOf: {} };
  const set = await api.call('PATCH', '/api/variables', { body: { values } });
  assert.equal(set.status, 200, set.text);
  const kept = z.record(z.string(), z.json()).parse(set.json['values']);
  for (const [name, value] of Object.entries(values)) assert.deepEqual(kept[name], value, name);
  assert.deepEqual((await api.call('GET', '/api/variables/constructor')).json['value'], {
    prototype: 1,
  });
  assert.equal((await api.call('GET', '/api/variables/isPrototypeOf')).status, 404);

  const layer = { id: 'reads', type: 'text', text: '{{constructor.prototype}} {{gone.toString}}' };
  const made = await api.call('POST', '/api/scenes/intro/layers', { body: layer });
  assert.equal(made.status, 201, made.text);
  const shown = await api.call('GET', '/api/scenes/intro/variables');
  assert.deepEqual(
    z
      .array(z.looseObject({ value: z.json() }))
      .parse(shown.json['used'])
      .map(({ value }) => value),
    [1, null],
  );
});

test('refuses ids that every object has as a name, where ids are given', async () => {
  const { state } = api.store;
  for (const id of Object.getOwnPropertyNames(Object.prototype)) {
    const layer = { id, type: 'text', text: 'x' };
    const changes: readonly (readonly ['POST' | 'PUT', string, object])[] = [
      ['POST', '/api/scenes', { id }],
      ['POST', '/api/scenes', { layers: [layer] }],
      ['POST', '/api/scenes', { layers: [{ id: 'a', type: 'image', asset: id }] }],
      ['POST', '/api/scenes/intro/layers', layer],
      ['PUT', '/api/scenes/intro', { layers: [{ id: 'g', type: 'group', layers: [layer] }] }],
      ['POST', '/api/templates', { id, parameters: [], scene: {} }],
      ['POST', '/api/templates/own/instantiate', { sceneId: id }],
      ['POST', '/api/outputs', { id, url: 'rtmp://host/app/key' }],
      ['POST', '/api/assets', { id, url: 'https://192.0.2.1/x.png' }],
      ['POST', '/api/batch', { id, operations: [{ method: 'variables.set', params: {} }] }],
    ];
    for (const [method, path, body] of changes) {
      const reply = await api.call(method, path, { body });
      assert.equal(reply.status, 422, `${path} ${JSON.stringify(body)}: ${reply.text}`);
    }
    const easing = `steps(3, ${id})`;
    const eased = { x: 1, transition: { durationMs: 100, easing } };
    const moved = await api.call('PATCH', '/api/scenes/intro/layers/title', { body: eased });
    assert.equal(moved.status, 422, easing);
  }
  assert.equal(api.store.state, state);
});

test('says of a compressed body that it is compressed', async () => {
  for (const encoding of ['gzip', 'br', 'deflate, gzip']) {
    const headers = { ...JSON_TYPE, 'content-encoding': encoding };
    const answer = await api.call('POST', '/api/scenes', { body: {}, headers });
    assert.equal(answer.status, 415);
    assert.match(JSON.stringify(answer.json), new RegExp(`encoding ${encoding} is not`));
  }
  const headers = { ...JSON_TYPE, 'content-encoding': 'identity' };
  assert.equal((await api.call('POST', '/api/scenes', { body: {}, headers })).status, 201);
});
