import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

const BOARD = {
  id: 'board',
  name: 'Board',
  parameters: [
    { name: 'title', type: 'string', required: true },
    { name: 'players', type: 'array', default: [{ name: 'Ada' }] },
  ],
  scene: {
    layers: [
      { id: 'title', type: 'text', text: '${title}' },
      { $each: 'players', id: 'player-${index}', type: 'text', text: '${item.name}: {{score}}' },
    ],
  },
};

test('lists the templates that come with the service, and lets nobody change them', async () => {
  const { json } = await api.call('GET', '/api/templates');
  const list = json['templates'];
  assert.ok(Array.isArray(list));
  const ids = list.map((one) =>
    one !== null && typeof one === 'object' && 'id' in one ? one['id'] : '',
  );
  assert.deepEqual(ids, ['builtin-auction', 'builtin-scoreboard', 'builtin-just-chatting']);
  const one = await api.call('GET', '/api/templates/builtin-auction');
  assert.equal(one.json['builtIn'], true);
  const document = { name: BOARD.name, parameters: BOARD.parameters, scene: BOARD.scene };
  for (const reply of [
    await api.call('PUT', '/api/templates/builtin-auction', { body: document }),
    await api.call('DELETE', '/api/templates/builtin-auction'),
    await api.call('POST', '/api/templates', { body: { ...document, id: 'builtin-mine' } }),
  ])
    assert.deepEqual([reply.status, reply.json['code']], [409, 'SM_TEMPLATE_BUILT_IN']);
});

test('keeps a template, makes scenes of it, and lets it go without them', async () => {
  const created = await api.call('POST', '/api/templates', { body: BOARD });
  assert.equal(created.status, 201, created.text);
  assert.equal(created.headers['location'], '/api/templates/board');
  const twice = await api.call('POST', '/api/templates', { body: BOARD });
  assert.deepEqual([twice.status, twice.json['code']], [409, 'SM_TEMPLATE_EXISTS']);

  const made = await api.call('POST', '/api/templates/board/instantiate', {
    body: { sceneId: 'cup', parameters: { title: 'Cup', players: [{ name: 'A' }, { name: 'B' }] } },
  });
  assert.equal(made.status, 201, made.text);
  assert.equal(made.headers['location'], '/api/scenes/cup');
  const layers = made.json['layers'];
  assert.ok(Array.isArray(layers));
  assert.deepEqual(
    layers.map((layer) =>
      layer !== null && typeof layer === 'object' && 'text' in layer ? layer['text'] : null,
    ),
    ['Cup', 'A: {{score}}', 'B: {{score}}'],
  );
  const again = await api.call('POST', '/api/templates/board/instantiate', {
    body: { sceneId: 'cup', parameters: { title: 'Cup' } },
  });
  assert.deepEqual([again.status, again.json['code']], [409, 'SM_SCENE_EXISTS']);

  const replaced = await api.call('PUT', '/api/templates/board', {
    body: { ...BOARD, parameters: [], scene: { background: '#123456' } },
  });
  assert.equal(replaced.status, 200, replaced.text);
  assert.equal((await api.call('DELETE', '/api/templates/board')).status, 204);
  assert.equal((await api.call('GET', '/api/templates/board')).json['code'], 'SM_TEMPLATE_UNKNOWN');
  assert.equal((await api.call('GET', '/api/scenes/cup')).status, 200);
});

test('refuses templates that could make no scene, and parameters that do not fit, with the field', async () => {
  const refuse = async (path: string, body: object, field: string): Promise<void> => {
    const { status, text } = await api.call('POST', path, { body });
    assert.equal(status, 422, text);
    assert.ok(text.includes(`"path":"${field}"`), text);
  };
  const layers = [{ id: 'a', type: 'text', text: '${missing}' }];
  await refuse('/api/templates', { id: 'x', scene: { layers } }, '/scene/layers/0/text');
  await refuse('/api/templates', { id: 'x', scene: { colour: 1 } }, '/scene/colour');
  await refuse(
    '/api/templates',
    { id: 'x', parameters: [{ name: 'a', type: 'color', default: 5 }], scene: {} },
    '/parameters/0/default',
  );
  const path = '/api/templates/builtin-auction/instantiate';
  await refuse(path, { parameters: { accent: 'no colour' } }, '/parameters/accent');
  await refuse(path, { parameters: { colour: 'red' } }, '/parameters/colour');
  await refuse(path, { parameters: { currency: 'X' } }, '/scene/layers/10/text');
});

test('a scene of a built-in template shows the variables', async () => {
  const path = '/api/templates/builtin-scoreboard/instantiate';
  const made = await api.call('POST', path, { body: { sceneId: 'game' } });
  assert.equal(made.status, 201, made.text);
  const values = { home: { score: 2, name: 'Home' }, away: { score: 1 } };
  await api.call('PATCH', '/api/variables', { body: { values } });
  const { text } = await api.call('GET', '/api/scenes/game/variables');
  assert.ok(text.includes('{"path":"home.score","value":2,"layers":["home-score"]}'), text);
  assert.ok(!text.includes('"kind":"value"') && !text.includes('"kind":"expression"'), text);
});
