import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PublishedEvent } from '../../src/api/event-hub.js';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
const heard: PublishedEvent[] = [];
before(async () => {
  api = await startHarness();
  api.events.listen((event) => void heard.push(event));
});
after(() => api.close());

const TONE = { id: 'tone', scope: 'scenes', content: { kind: 'tone' } };

test('a batch makes a source, a scene that has it, and takes that scene; a dry run leaves nothing of it', async () => {
  const operations = [
    { method: 'audio.sources.create', params: TONE },
    { method: 'scenes.create', params: { id: 'a', audio: [{ source: 'tone', gainDb: -6 }] } },
    { method: 'scenes.activate', params: { id: 'a', transition: { type: 'fade' } } },
  ];
  const dry = await api.call('POST', '/api/batch?dryRun=true', { body: { operations } });
  assert.equal(dry.status, 200, dry.text);
  assert.equal(api.store.state.sound.sources.length, 0);
  const reply = await api.call('POST', '/api/batch', { body: { operations } });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(api.store.state.sound.ramps['scene:tone']?.durationMs, 500);
  const { json } = await api.call('GET', '/api/scenes/a');
  assert.deepEqual(json['audio'], [
    { source: 'tone', gainDb: -6, fadeInMs: null, fadeOutMs: null, layer: null },
  ]);
});

test('the sound of a scene is part of its tag, and null takes it away', async () => {
  const etag = (await api.call('GET', '/api/scenes/a')).headers['etag'];
  const audio = [{ source: 'tone', gainDb: -12 }];
  const change = { headers: { 'if-match': String(etag) }, body: { audio } };
  assert.equal((await api.call('PATCH', '/api/scenes/a', change)).status, 200);
  assert.equal((await api.call('PATCH', '/api/scenes/a', change)).status, 412);
  const none = await api.call('PATCH', '/api/scenes/a', { body: { audio: null } });
  assert.deepEqual(none.json['audio'], []);
  await api.call('PATCH', '/api/scenes/a', { body: { audio } });
});

test('says what is wrong with the sound of a scene, and which scene keeps a source', async () => {
  for (const [audio, path] of [
    [[{ source: 'nobody' }], '/audio/0/source'],
    [[{ source: 'tone' }, { source: 'tone' }], '/audio/1/source'],
    [[{ source: 'tone', gainDb: 30 }], '/audio/0/gainDb'],
    [[{ source: 'tone', fadeInMs: -1 }], '/audio/0/fadeInMs'],
    [[{ source: 'tone', gain: 1 }], '/audio/0/gain'],
    ['tone', '/audio'],
  ] as const) {
    const reply = await api.call('PATCH', '/api/scenes/a', { body: { audio } });
    assert.equal(reply.status, 422, reply.text);
    assert.match(reply.text, new RegExp(`"${path}"`));
  }
  const reply = await api.call('DELETE', '/api/audio/sources/tone');
  assert.deepEqual([reply.status, reply.json['code']], [409, 'SM_AUDIO_SOURCE_IN_USE']);
});

test('a binding that does not fit is reported, and named while it lasts', async () => {
  const body = { strip: { gainDb: -3, bindings: { gainDb: 'level' } } };
  const reply = await api.call('PATCH', '/api/audio/sources/tone', { body });
  assert.equal(reply.status, 200, reply.text);
  await api.call('PATCH', '/api/variables', { body: { values: { level: 'loud' } } });
  const { problems } = (await api.call('GET', '/api/audio')).json;
  const problem = {
    strip: 'source:tone',
    property: 'gainDb',
    kind: 'value',
    expression: 'level',
    message: '"loud" does not fit: Invalid input: expected number, received string',
  };
  assert.deepEqual(problems, [problem]);
  await api.call('PATCH', '/api/variables', { body: { values: { level: -9 } } });
  assert.deepEqual((await api.call('GET', '/api/audio')).json['problems'], []);
  const refused = await api.call('PATCH', '/api/audio/master', {
    body: { bindings: { gainDb: 'level +' } },
  });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /\/bindings\/gainDb/);
});
