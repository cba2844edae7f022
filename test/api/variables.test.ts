import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PublishedEvent } from '../../src/api/event-hub.js';
import { type Harness, type Reply, startHarness } from './harness.js';

let api: Harness;
const heard: PublishedEvent[] = [];
before(async () => {
  api = await startHarness();
  api.events.listen((event) => void heard.push(event));
});
after(() => api.close());

function set(values: Record<string, unknown>): Promise<Reply> {
  return api.call('PATCH', '/api/variables', { body: { values } });
}

test('sets, changes and takes away what the patch says, and tells what has changed', async () => {
  const first = await set({ bid: { amount: 5, by: 'Ada' }, live: true, tags: [1, null] });
  assert.equal(first.status, 200, first.text);
  assert.deepEqual(first.json['values'], {
    bid: { amount: 5, by: 'Ada' },
    live: true,
    tags: [1, null],
  });
  heard.length = 0;
  await set({ bid: { amount: 6, by: null }, live: true, tags: null, none: null });
  assert.deepEqual((await api.call('GET', '/api/variables')).json, {
    values: { bid: { amount: 6 }, live: true },
  });
  assert.deepEqual(
    heard.map(({ topic, type, data }) => ({
      topic,
      type,
      names: data['names'],
      is: data['values'],
    })),
    [
      {
        topic: 'variables',
        type: 'variables.changed',
        names: ['bid', 'tags'],
        is: { bid: { amount: 6 }, tags: null },
      },
    ],
  );
  await set({ live: true });
  assert.equal(heard.length, 1);
});

test('lets what is moved by variables take its time', async () => {
  const layers = [{ id: 'bar', type: 'text', text: 'x', bindings: { x: 'spot' } }];
  await api.call('POST', '/api/scenes', { body: { id: 'moving', layers } });
  await set({ spot: 10 });
  const body = { values: { spot: 500 }, transition: { durationMs: 2000 } };
  const reply = await api.call('PATCH', '/api/variables', { body });
  assert.equal(reply.status, 200, reply.text);
  const former = api.store.state.stages['moving']?.layers['bar'];
  assert.deepEqual([former?.was.x, former?.durationMs], [10, 2000]);
  const wrong = await api.call('PATCH', '/api/variables', {
    body: { values: {}, transition: { durationMs: -1 } },
  });
  assert.equal(wrong.status, 422);
});

test('reads and removes one', async () => {
  await set({ note: 'Hello' });
  const reply = await api.call('GET', '/api/variables/note');
  assert.deepEqual(reply.json, { name: 'note', value: 'Hello' });
  assert.equal((await api.call('DELETE', '/api/variables/note')).status, 204);
  const gone = await api.call('GET', '/api/variables/note');
  assert.deepEqual([gone.status, gone.json['code']], [404, 'SM_VARIABLE_UNKNOWN']);
  assert.equal((await api.call('DELETE', '/api/variables/note')).status, 404);
  assert.equal((await api.call('GET', '/api/variables/constructor')).status, 404);
});

test('refuses names and values that cannot be used, and changes nothing then', async () => {
  const before = api.store.state;
  const refused: Record<string, unknown>[] = [
    { 'two words': 1 },
    { '1st': 1 },
    { string: 1 },
    { in: 1 },
    { a: { 'b.c': 1 } },
    { a: 'x'.repeat(5000) },
    { a: Array.from({ length: 1001 }, () => 1) },
    { a: [[[[[[[[[1]]]]]]]]] },
    { a: 1e300 },
    Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`v${i}`, i])),
  ];
  for (const values of refused) {
    const reply = await set({ good: 1, ...values });
    assert.equal(reply.status, 422, JSON.stringify(values).slice(0, 80));
    assert.equal(reply.json['code'], 'SM_REQUEST_INVALID');
  }
  const named = await set({ list: 1 });
  assert.match(named.text, /must not be a reserved word of the expression language/);
  const raw = await api.call('PATCH', '/api/variables', {
    raw: '{"values": {"__proto__": {"polluted": true}}}',
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(raw.status, 422);
  assert.match(raw.text, /\/values\/__proto__/);
  assert.equal(api.store.state.variables, before.variables);
});

test('refuses texts and bindings that cannot be understood, with the field', async () => {
  const fieldsOf = ({ json }: Reply): string[] => {
    const errors = json['errors'];
    assert.ok(Array.isArray(errors));
    return errors.map((error) =>
      typeof error === 'object' && error !== null && 'path' in error
        ? JSON.stringify(error['path']).slice(1, -1)
        : '',
    );
  };
  const layers = [
    { id: 'a', type: 'text', text: '{{bid.amount | shout}}' },
    { id: 'b', type: 'text', text: 'x', bindings: { visible: 'bid.amount >', id: '"c"' } },
  ];
  const scene = await api.call('POST', '/api/scenes', { body: { id: 'wrong', layers } });
  assert.equal(scene.status, 422);
  assert.deepEqual(fieldsOf(scene), [
    '/layers/0/text',
    '/layers/1/bindings/visible',
    '/layers/1/bindings/id',
  ]);

  await api.call('POST', '/api/scenes', { body: { id: 'right' } });
  const layer = await api.call('POST', '/api/scenes/right/layers', { body: layers[0] });
  assert.deepEqual([layer.status, fieldsOf(layer)], [422, ['/text']]);
});

test('binds fields, takes a binding away by null, and tells what a scene uses and lacks', async () => {
  await set({ bid: { amount: 6 } });
  const layers = [
    { id: 'price', type: 'text', text: '{{bid.amount}} {{bid.by}}' },
    { id: 'badge', type: 'text', text: 'x', bindings: { visible: 'bid.amount > 5', x: 'place' } },
  ];
  await api.call('POST', '/api/scenes', { body: { id: 'bound', layers } });
  const { json } = await api.call('GET', '/api/scenes/bound/variables');
  assert.deepEqual(json, {
    used: [
      { path: 'bid.amount', value: 6, layers: ['price', 'badge'] },
      { path: 'bid.by', value: null, layers: ['price'] },
      { path: 'place', value: null, layers: ['badge'] },
    ],
    problems: [
      {
        layerId: 'price',
        property: 'text',
        kind: 'unknown-variable',
        expression: 'bid.by',
        message: 'there is no variable bid.by',
      },
      {
        layerId: 'badge',
        property: 'x',
        kind: 'unknown-variable',
        expression: 'place',
        message: 'there is no variable place',
      },
    ],
  });
  const patched = await api.call('PATCH', '/api/scenes/bound/layers/badge', {
    body: { bindings: { x: null } },
  });
  assert.deepEqual(patched.json['bindings'], { visible: 'bid.amount > 5' });
});

test('does not let go of a picture that is shown by a variable', async () => {
  const body = { id: 'art', url: 'https://cdn.example.com/art.png' };
  assert.equal((await api.call('POST', '/api/assets', { body })).status, 201);
  const layers = [{ id: 'art', type: 'image', asset: 'none', bindings: { asset: 'lot.picture' } }];
  await api.call('POST', '/api/scenes', { body: { id: 'gallery', layers } });
  await set({ lot: { picture: 'art' } });
  const refused = await api.call('DELETE', '/api/assets/art');
  assert.deepEqual([refused.status, refused.json['code']], [409, 'SM_ASSET_IN_USE']);
  await set({ lot: null });
  assert.equal((await api.call('DELETE', '/api/assets/art')).status, 204);
});

test('variables and layers that are changed as one begin to move at the same moment', async () => {
  const transition = { durationMs: 1000 };
  const bar = { id: 'bar', type: 'text', text: 'x', bindings: { x: 'place' } };
  const box = { id: 'box', type: 'text', text: 'x' };
  await api.call('PATCH', '/api/variables', { body: { values: { place: 1 } } });
  await api.call('POST', '/api/scenes', { body: { id: 'together', layers: [bar, box] } });
  await api.call('POST', '/api/scenes/together/activate', { body: {} });
  const operations = [
    { method: 'variables.set', params: { values: { place: 9 }, transition } },
    { method: 'layers.update', params: { sceneId: 'together', layerId: 'box', x: 9, transition } },
  ];
  const reply = await api.call('POST', '/api/batch', { body: { operations } });
  assert.equal(reply.status, 200, reply.text);
  const layers = api.store.state.stages['together']?.layers;
  assert.ok(layers?.['bar'] !== undefined);
  assert.equal(layers['bar'].startMs, layers['box']?.startMs);
});
