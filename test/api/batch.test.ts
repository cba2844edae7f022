import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.js';
import { eventually } from '../support/until.js';

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

const TITLE = { id: 'title', type: 'text', text: 'Good evening' };

test('carries out several operations as one change, each on what those before it have left', async () => {
  const { revision } = api.store.state;
  const since = api.events.newestSeq;
  const reply = await api.call('POST', '/api/batch', {
    body: {
      operations: [
        { method: 'scenes.create', params: { id: 'one', layers: [TITLE] } },
        { method: 'scenes.activate', params: { id: 'one' } },
        { method: 'layers.update', params: { sceneId: 'program', layerId: 'title', text: 'Now' } },
        { method: 'layers.remove', params: { sceneId: 'one', layerId: 'title' } },
      ],
    },
  });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.json['state'], 'applied');
  assert.equal(reply.json['late'], false);
  assert.equal(reply.json['frame'], null, 'the program does not run');
  const { results } = reply.json;
  assert.ok(Array.isArray(results) && results.length === 4);
  assert.match(JSON.stringify(results[2]), /"Now"/);
  assert.equal(results[3], null);
  assert.equal(api.store.state.revision, revision + 1);
  assert.equal(reply.json['revision'], revision + 1);
  assert.equal(api.store.state.program.sceneId, 'one');
  const { events } = api.events.read(since, new Set(['scene']), 100);
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      ...['scene.created', 'scene.activated', 'layer.updated', 'layer.removed'],
      ...['batch.applied', 'tally'],
    ],
  );
  assert.ok(events.every(({ data }) => data['revision'] === revision + 1));
});

test('changes nothing when one operation does not fit, and says which', async () => {
  const before = api.store.state;
  const unknown = await api.call('POST', '/api/batch', {
    body: {
      operations: [
        { method: 'scenes.create', params: { id: 'two' } },
        { method: 'layers.update', params: { sceneId: 'two', layerId: 'nothing', x: 1 } },
      ],
    },
  });
  assert.equal(unknown.status, 404, unknown.text);
  assert.equal(unknown.json['code'], 'SM_LAYER_UNKNOWN');
  assert.match(unknown.text, /"path":"\/operations\/1"/);
  const invalid = await api.call('POST', '/api/batch', {
    body: {
      operations: [
        { method: 'scenes.create', params: { id: 'two' } },
        { method: 'scenes.create', params: { id: 'three', width: -1 } },
      ],
    },
  });
  assert.equal(invalid.json['code'], 'SM_REQUEST_INVALID');
  assert.match(invalid.text, /"path":"\/operations\/1\/params\/width"/);
  assert.equal(api.store.state, before);
});

test('takes only operations that are nothing but a change of the state', async () => {
  for (const method of ['stream.start', 'batch.apply', 'assets.remove', 'scenes.get', 'nothing']) {
    const reply = await api.call('POST', '/api/batch', { body: { operations: [{ method }] } });
    assert.equal(reply.json['code'], 'SM_METHOD_UNKNOWN', method);
    assert.match(reply.textOf('detail'), /layers\.update/);
  }
  for (const params of [{ dryRun: true }, { idempotencyKey: 'a' }]) {
    const operations = [{ method: 'scenes.create', params }];
    const reply = await api.call('POST', '/api/batch', { body: { operations } });
    assert.equal(reply.status, 422, reply.text);
  }
});

test('holds up an operation of a batch to its own condition', async () => {
  await api.call('POST', '/api/scenes', { body: { id: 'kept' } });
  const etag = String((await api.call('GET', '/api/scenes/kept')).headers['etag']);
  const update = (ifMatch: string): object => ({
    operations: [{ method: 'scenes.update', params: { id: 'kept', name: 'Kept', ifMatch } }],
  });
  const refused = await api.call('POST', '/api/batch', { body: update('"other"') });
  assert.equal(refused.status, 412, refused.text);
  assert.equal((await api.call('POST', '/api/batch', { body: update(etag) })).status, 200);
});

test('lets two batches at once be one after the other', async () => {
  await api.call('POST', '/api/scenes', { body: { id: 'race' } });
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      api.call('POST', '/api/batch', {
        body: {
          operations: [
            { method: 'layers.create', params: { ...TITLE, sceneId: 'race', id: `a${i}` } },
            { method: 'layers.create', params: { ...TITLE, sceneId: 'race', id: `b${i}` } },
          ],
        },
      }),
    ),
  );
  assert.ok(replies.every(({ status }) => status === 200));
  const layers = api.store.state.scenes.find(({ id }) => id === 'race')?.layers ?? [];
  const ids = layers.map(({ id }) => id);
  assert.equal(ids.length, 40);
  assert.ok(
    ids.every((id, i) => i % 2 === 0 || id === ids[i - 1]?.replace('a', 'b')),
    ids.join(),
  );
});

test('waits for its moment, is listed, and goes by the wall clock while the program does not run', async () => {
  await api.call('POST', '/api/scenes', { body: { id: 'soon' } });
  const dueAtMs = Date.now() + 300;
  const reply = await api.call('POST', '/api/batch', {
    body: {
      id: 'wait',
      at: { time: new Date(dueAtMs).toISOString() },
      operations: [{ method: 'scenes.activate', params: { id: 'soon' } }],
    },
  });
  assert.equal(reply.json['state'], 'scheduled', reply.text);
  assert.equal(reply.json['dueAtMs'], dueAtMs);
  const waiting = await api.call('GET', '/api/batches/wait');
  assert.equal(waiting.json['state'], 'scheduled');
  assert.deepEqual(waiting.json['methods'], ['scenes.activate']);
  assert.equal(waiting.json['commands'], undefined);
  assert.notEqual(api.store.state.program.sceneId, 'soon');
  await eventually(() => api.store.state.program.sceneId === 'soon');
  assert.ok(Date.now() >= dueAtMs);
  assert.equal(api.store.state.program.takenAtMs, dueAtMs);
  const over = await api.call('GET', '/api/batches/wait');
  assert.equal(over.json['state'], 'applied');
  assert.match((await api.call('GET', '/api/batches')).text, /"id":"wait"/);
});

test('can be cancelled as long as it waits', async () => {
  const body = {
    id: 'never',
    at: { time: Date.now() + 3_600_000 },
    operations: [{ method: 'scenes.create', params: { id: 'never' } }],
  };
  await api.call('POST', '/api/batch', { body });
  assert.equal((await api.call('POST', '/api/batch', { body })).json['code'], 'SM_BATCH_EXISTS');
  assert.equal((await api.call('DELETE', '/api/batches/never')).status, 204);
  assert.equal((await api.call('GET', '/api/batches/never')).json['state'], 'cancelled');
  const again = await api.call('DELETE', '/api/batches/never');
  assert.equal(again.json['code'], 'SM_BATCH_OVER');
  assert.equal((await api.call('DELETE', '/api/batches/x')).json['code'], 'SM_BATCH_UNKNOWN');
});

test('finds what those before it will have made, and fails when it does not fit any more', async () => {
  const inAnHour = Date.now() + 3_600_000;
  const schedule = (id: string, time: number, method: string, params: object): Promise<unknown> =>
    api.call('POST', '/api/batch', {
      body: { id, at: { time }, operations: [{ method, params }] },
    });
  await api.call('POST', '/api/scenes', { body: { id: 'base' } });
  await schedule('first', inAnHour, 'layers.create', { ...TITLE, sceneId: 'base' });
  await schedule('second', inAnHour + 1, 'layers.update', {
    sceneId: 'base',
    layerId: 'title',
    text: 'Later',
  });
  const early = await api.call('POST', '/api/batch', {
    body: {
      at: { time: inAnHour - 1 },
      operations: [
        { method: 'layers.update', params: { sceneId: 'base', layerId: 'title', x: 1 } },
      ],
    },
  });
  assert.equal(early.json['code'], 'SM_LAYER_UNKNOWN');
  assert.equal((await api.call('GET', '/api/batches/second')).json['state'], 'scheduled');
  const since = api.events.newestSeq;
  await api.call('DELETE', '/api/batches/first');
  await eventually(() => api.store.state.batches.some(({ state }) => state === 'failed'));
  const failed = await api.call('GET', '/api/batches/second');
  assert.equal(failed.json['state'], 'failed');
  assert.match(failed.text, /SM_LAYER_UNKNOWN/);
  const { events } = api.events.read(since, new Set(['scene']), 10);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['batch.cancelled', 'batch.failed'],
  );
});

test('is late when its moment is over, and refused when it would rather not be', async () => {
  const batch = (late: string, id: string): object => ({
    late,
    at: { time: Date.now() - 1000 },
    operations: [{ method: 'scenes.create', params: { id } }],
  });
  const applied = await api.call('POST', '/api/batch', { body: batch('apply', 'late') });
  assert.equal(applied.json['state'], 'applied', applied.text);
  assert.equal(applied.json['late'], true);
  const refused = await api.call('POST', '/api/batch', { body: batch('reject', 'refused') });
  assert.equal(refused.status, 409);
  assert.equal(refused.json['code'], 'SM_BATCH_LATE');
  assert.equal((await api.call('GET', '/api/scenes/refused')).status, 404);
});

test('counts frames and media time by the clock of the program only', async () => {
  const operations = [{ method: 'scenes.create', params: {} }];
  for (const at of [{ frame: 10 }, { mediaTimeMs: 10 }]) {
    const reply = await api.call('POST', '/api/batch', { body: { at, operations } });
    assert.equal(reply.json['code'], 'SM_BATCH_NO_CLOCK', reply.text);
  }
  const startedAtMs = Date.now();
  api.program.clock = {
    frameRate: { num: 50, den: 1 },
    startedAtMs,
    leadMs: 30,
    firstDueNs: process.hrtime.bigint(),
    anchor: { frame: 0, wallTimeMs: startedAtMs, programTimeMs: startedAtMs, stepMs: 0 },
  };
  const far = 50 * 3600;
  for (const at of [{ frame: far }, { mediaTimeMs: far * 20 }]) {
    const reply = await api.call('POST', '/api/batch', { body: { at, operations } });
    assert.equal(reply.json['dueAtMs'], startedAtMs + far * 20, reply.text);
  }
  for (const at of [
    { frame: Number.MAX_SAFE_INTEGER },
    { mediaTimeMs: Number.MAX_SAFE_INTEGER },
    { time: Number.MAX_SAFE_INTEGER },
    { time: '9999-12-31T23:59:59Z' },
  ]) {
    const reply = await api.call('POST', '/api/batch', { body: { at, operations } });
    assert.equal(reply.status, 422, reply.text);
    assert.match(reply.text, /within the next 100 years/);
    assert.equal((await api.call('GET', '/api/batches')).status, 200);
  }
  const past = await api.call('POST', '/api/batch', {
    body: { at: { frame: 0 }, late: 'reject', operations },
  });
  assert.equal(past.json['code'], 'SM_BATCH_LATE');
  const status = await api.call('GET', '/api/stream/status');
  assert.match(status.text, /"clock":\{"frame":\d+,"mediaTimeMs":\d+/);
  api.program.clock = null;
});

test('refuses what is no moment', async () => {
  const operations = [{ method: 'scenes.create' }];
  for (const at of [{}, { frame: -1 }, { frame: 1.5 }, { time: 'soon' }, { frame: 1, time: 1 }]) {
    const reply = await api.call('POST', '/api/batch', { body: { at, operations } });
    assert.equal(reply.json['code'], 'SM_REQUEST_INVALID', JSON.stringify(at));
  }
});
