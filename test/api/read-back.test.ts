import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { type Harness, startHarness } from './harness.js';
import { openRpc } from './rpc-client.js';

const KEY_URL = 'rtmp://live.example/app/the-secret-key';

let api: Harness;
before(async () => {
  api = await startHarness();
  const make = async (path: string, body: object): Promise<void> => {
    const reply = await api.call('POST', path, { body });
    assert.equal(reply.status, 201, reply.text);
  };
  await make('/api/scenes', {
    id: 'intro',
    layers: [
      { id: 'title', type: 'text', text: '{{bid.amount}}', x: 80, y: 80 },
      { id: 'group', type: 'group', layers: [{ id: 'inner', type: 'qr', text: 'x', width: 200 }] },
      { id: 'queue', type: 'ticker', items: [{ id: 'a', text: 'News' }], width: 900, height: 60 },
      { id: 'chat', type: 'chat', width: 400, height: 300 },
    ],
  });
  await make('/api/scenes', { id: 'break' });
  await make('/api/templates', { id: 'own', parameters: [], scene: { layers: [] } });
  await make('/api/outputs', { id: 'own', url: KEY_URL });
  await make('/api/inputs', { id: 'camera', content: { kind: 'rtmp-push' } });
  await make('/api/inputs', { id: 'call', content: { kind: 'srt-listen', port: 9000 } });
  await make('/api/audio/sources', { id: 'horn', content: { kind: 'tone' }, bus: 'effects' });
  await make('/api/audio/ducking', { id: 'talk', when: 'voice', bus: 'music' });
  await make('/api/assets', { id: 'logo', url: 'https://pictures.invalid/logo.png' });
  await api.call('PATCH', '/api/variables', { body: { values: { bid: { amount: 7 } } } });
  await api.call('PUT', '/api/transitions/intro/break', {
    body: { transition: { type: 'fade', durationMs: 400 } },
  });
  await api.call('POST', '/api/preview', { body: { sceneId: 'intro' } });
});
after(() => api.close());

const Paths = z.record(z.string(), z.record(z.string(), z.unknown()));

/** What stands in the place of each parameter: a resource of each sort that there is. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  '/api/audio/master': ['/api/audio/master'],
  '/api/audio/ducking/{id}': ['/api/audio/ducking/talk'],
  '/api/audio/sources/{id}': ['/api/audio/sources/horn'],
  '/api/audio/buses/{id}': ['/api/audio/buses/effects'],
  '/api/config': ['/api/config'],
  '/api/preview': ['/api/preview'],
  '/api/variables': ['/api/variables'],
  '/api/transitions': ['/api/transitions'],
  '/api/scenes/{id}': ['/api/scenes/intro', '/api/scenes/break'],
  '/api/scenes/{sceneId}/layers/{layerId}': ['title', 'group', 'inner', 'queue', 'chat'].map(
    (id) => `/api/scenes/intro/layers/${id}`,
  ),
  '/api/templates/{id}': ['/api/templates/own', '/api/templates/builtin-auction'],
  '/api/inputs/{id}': ['/api/inputs/camera', '/api/inputs/call'],
  '/api/outputs/{id}': ['/api/outputs/own', '/api/outputs/program'],
};

/** Lists are not resources that are replaced: what is posted to them is a new member. */
const COLLECTIONS = new Set([
  '/api/scenes',
  '/api/scenes/{sceneId}/layers',
  '/api/templates',
  '/api/audio/sources',
  '/api/audio/clips',
  '/api/audio/buses',
  '/api/audio/ducking',
  '/api/outputs',
  '/api/inputs',
  '/api/assets',
]);

/** When it began there, which is now. */
function withoutMoments(json: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json).filter(([name]) => name !== 'loadedAtMs'));
}

test('every resource is taken back as it was read, and stays as it was', async () => {
  const { json } = await api.call('GET', '/api/openapi.json');
  const resources = Object.entries(Paths.parse(json['paths'])).flatMap(([path, methods]) => {
    const changes = ['put', 'patch', 'post'].filter((method) => method in methods);
    return 'get' in methods && changes.length > 0 && !COLLECTIONS.has(path)
      ? [{ path, changes }]
      : [];
  });
  assert.deepEqual(resources.map(({ path }) => path).sort(), Object.keys(PLACES).sort());
  for (const { path, changes } of resources) {
    for (const place of PLACES[path] ?? []) {
      for (const method of changes) {
        const read = await api.call('GET', place);
        assert.equal(read.status, 200, read.text);
        const written = await api.call(
          z.enum(['PUT', 'PATCH', 'POST']).parse(method.toUpperCase()),
          place,
          {
            body: read.json,
          },
        );
        assert.equal(written.status, 200, `${method} ${place}: ${written.text}`);
        const again = await api.call('GET', place);
        assert.deepEqual(withoutMoments(again.json), withoutMoments(read.json), place);
      }
    }
  }
  const output = api.store.state.outputs.find(({ id }) => id === 'own');
  assert.equal(output?.url, KEY_URL, 'the key is still the one that is not shown');
});

test('what was removed can be created again from what was read', async () => {
  for (const [place, list] of [
    ['/api/scenes/break', '/api/scenes'],
    ['/api/scenes/intro/layers/inner', '/api/scenes/intro/layers'],
    ['/api/scenes/intro/layers/chat', '/api/scenes/intro/layers'],
    ['/api/audio/sources/horn', '/api/audio/sources'],
    ['/api/audio/buses/inputs', '/api/audio/buses'],
    ['/api/audio/ducking/talk', '/api/audio/ducking'],
    ['/api/templates/own', '/api/templates'],
    ['/api/inputs/camera', '/api/inputs'],
    ['/api/assets/logo', '/api/assets'],
  ] as const) {
    const read = await api.call('GET', place);
    assert.equal((await api.call('DELETE', place)).status, 204, place);
    const created = await api.call('POST', list, { body: read.json });
    assert.equal(created.status, 201, `${place}: ${created.text}`);
    assert.equal(created.json['id'], read.json['id']);
  }
});

test('what a change is answered with can be sent again', async () => {
  for (const [path, body] of [
    ['/api/scenes/intro/layers/chat/messages', { id: 'm1', author: 'Ada', text: 'Hello' }],
    ['/api/scenes/intro/layers/queue/items', { items: [{ text: 'More news' }] }],
  ] as const) {
    const first = await api.call('POST', path, { body });
    assert.equal(first.status, 201, first.text);
    const second = await api.call('POST', path, { body: first.json });
    assert.equal(second.status, 201, second.text);
  }
  const pair = '/api/transitions/intro/break';
  const transition = { type: 'fade', durationMs: 400 };
  const { json } = await api.call('PUT', pair, { body: { transition } });
  const [listed] = z.array(z.json()).parse(json['pairs']);
  const again = await api.call('PUT', pair, { body: listed });
  assert.equal(again.status, 200, again.text);
  assert.deepEqual(again.json, json);
});

test('the same holds over JSON-RPC', async () => {
  const rpc = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
  for (const [read, write, params] of [
    ['templates.get', 'templates.replace', { id: 'own' }],
    ['outputs.get', 'outputs.update', { id: 'own' }],
    ['transitions.list', 'transitions.update', {}],
    ['scenes.get', 'scenes.replace', { id: 'intro' }],
    ['scenes.get', 'scenes.update', { id: 'intro' }],
    ['config.get', 'config.update', {}],
  ] as const) {
    const { result } = await rpc.call(read, params);
    const value = z.record(z.string(), z.json()).parse(result);
    const written = await rpc.call(write, { ...value, ...params });
    assert.deepEqual(written.result, result, JSON.stringify(written.error));
  }
  rpc.close();
});

test('fields that can only be read are marked so, and others are still refused', async () => {
  const { json } = await api.call('GET', '/api/openapi.json');
  const Component = z.looseObject({
    properties: z.record(z.string(), z.looseObject({ readOnly: z.boolean().optional() })),
  });
  const schemas = z
    .looseObject({ schemas: z.record(z.string(), z.unknown()) })
    .parse(json['components']).schemas;
  const readOnlyOf = (name: string): string[] =>
    Object.entries(Component.parse(schemas[name]).properties)
      .filter(([, { readOnly }]) => readOnly === true)
      .map(([field]) => field);
  assert.deepEqual(readOnlyOf('TemplateDraft'), ['builtIn']);
  assert.deepEqual(readOnlyOf('OutputPatch'), ['kind', 'builtIn', 'status']);
  assert.deepEqual(readOnlyOf('DefaultTransition'), ['pairs']);
  for (const [method, path, body] of [
    ['PATCH', '/api/outputs/own', { stat: 1 }],
    ['PATCH', '/api/outputs/own', { id: 'other' }],
    ['PUT', '/api/templates/own', { scene: {}, builtin: false }],
    ['PATCH', '/api/transitions', { default: { type: 'cut' }, pair: [] }],
    ['PATCH', '/api/config', { uptime: 1 }],
  ] as const) {
    const reply = await api.call(method, path, { body });
    assert.equal(reply.status, 422, `${path} ${JSON.stringify(body)}: ${reply.text}`);
  }
});
