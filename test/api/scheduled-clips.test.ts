import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

const CONTENT = { kind: 'url', url: 'http://example.com/horn.wav' };
const AT = { time: '2100-01-01T00:00:00Z' };

test('a clip that is scheduled is listed, read where its location says, and stopped by its id', async () => {
  const body = { id: 'horn', content: CONTENT, gainDb: -6, at: AT };
  const reply = await api.call('POST', '/api/audio/clips', { body });
  assert.equal(reply.status, 201, reply.text);
  const read = await api.call('GET', String(reply.headers['location']));
  assert.equal(read.status, 200, read.text);
  assert.deepEqual(read.json, reply.json);
  assert.deepEqual([read.json['state'], read.json['gainDb']], ['scheduled', -6]);
  const list = await api.call('GET', '/api/audio/clips');
  assert.deepEqual(list.json, { clips: [read.json] });

  const stopped = await api.call('POST', '/api/audio/clips/horn/stop', { body: {} });
  assert.equal(stopped.status, 200, stopped.text);
  assert.equal(stopped.json['state'], 'stopping');
  assert.equal((await api.call('GET', '/api/audio/clips/horn')).status, 404);
  const batch = await api.call('GET', `/api/batches/${read.textOf('batch')}`);
  assert.equal(batch.json['state'], 'cancelled');
});

test('to schedule a clip and to stop it is tried out, and nothing comes of it', async () => {
  const body = { id: 'bell', content: CONTENT, at: AT };
  const trial = await api.call('POST', '/api/audio/clips?dryRun=true', { body });
  assert.equal(trial.status, 200, trial.text);
  assert.equal((await api.call('GET', '/api/audio/clips/bell')).status, 404);
  assert.equal((await api.call('POST', '/api/audio/clips', { body })).status, 201);
  const stop = await api.call('POST', '/api/audio/clips/bell/stop?dryRun=true', { body: {} });
  assert.equal(stop.status, 200, stop.text);
  const read = await api.call('GET', '/api/audio/clips/bell');
  assert.equal(read.json['state'], 'scheduled');
  assert.equal((await api.call('POST', '/api/audio/clips/bell/stop', { body: {} })).status, 200);
  const late = { ...body, at: { time: '2000-01-01T00:00:00Z' }, late: 'reject' };
  const refused = await api.call('POST', '/api/audio/clips?dryRun=true', { body: late });
  assert.deepEqual([refused.status, refused.json['code']], [409, 'SM_BATCH_LATE']);
});

test('a clip that shares its batch is not taken out of it', async () => {
  const operations = [
    { method: 'audio.clips.play', params: { id: 'gong', content: CONTENT } },
    { method: 'scenes.create', params: { id: 'sold' } },
  ];
  const body = { id: 'sale', at: AT, operations };
  assert.equal((await api.call('POST', '/api/batch', { body })).status, 200);
  const read = await api.call('GET', '/api/audio/clips/gong');
  assert.deepEqual([read.json['state'], read.json['batch']], ['scheduled', 'sale']);
  const stop = await api.call('POST', '/api/audio/clips/gong/stop', { body: {} });
  assert.deepEqual([stop.status, stop.json['code']], [409, 'SM_AUDIO_CLIP_IN_BATCH']);
  assert.match(stop.textOf('detail'), /DELETE \/api\/batches\/sale/);
  assert.equal((await api.call('DELETE', '/api/batches/sale')).status, 204);
  assert.equal((await api.call('POST', '/api/audio/clips/gong/stop', { body: {} })).status, 404);
});
