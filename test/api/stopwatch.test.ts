import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness();
  const layers = [
    { id: 'title', type: 'text', text: 'Hi' },
    { id: 'box', type: 'group', layers: [{ id: 'watch', type: 'stopwatch' }] },
  ];
  await api.call('POST', '/api/scenes', { body: { id: 'game', layers } });
  await api.call('POST', '/api/scenes/game/activate');
});
after(() => api.close());

const WATCH = '/api/scenes/game/layers/watch';

test('starts, laps, pauses and sets back a stopwatch, also one in a group', async () => {
  const before = Date.now();
  const started = await api.call('POST', `${WATCH}/stopwatch/start`);
  assert.equal(started.status, 200, started.text);
  const at = Number(started.json['startedAtMs']);
  assert.ok(at >= before && at <= Date.now());

  const lap = await api.call('POST', '/api/scenes/program/layers/watch/stopwatch/lap');
  assert.equal(lap.status, 200, lap.text);
  const paused = await api.call('POST', `${WATCH}/stopwatch/pause`);
  assert.equal(paused.json['startedAtMs'], null);
  assert.ok(Number(paused.json['elapsedMs']) >= 0);

  const seen = await api.call('GET', WATCH);
  assert.deepEqual(seen.json, paused.json);
  const reset = await api.call('POST', `${WATCH}/stopwatch/reset`);
  assert.deepEqual(
    [reset.json['startedAtMs'], reset.json['elapsedMs'], reset.json['laps']],
    [null, 0, []],
  );
});

test('tells of what was done with a stopwatch', async () => {
  const heard: string[] = [];
  const stop = api.events.listen((event) => heard.push(event.type));
  await api.call('POST', `${WATCH}/stopwatch/start`);
  await api.call('POST', `${WATCH}/stopwatch/start`);
  await api.call('POST', `${WATCH}/stopwatch/pause`);
  stop();
  assert.deepEqual(heard, ['stopwatch.started', 'stopwatch.paused']);
});

test('refuses layers that are none, and those that are not there', async () => {
  const title = await api.call('POST', '/api/scenes/game/layers/title/stopwatch/start');
  assert.deepEqual([title.status, title.textOf('code')], [409, 'SM_LAYER_KIND']);
  const nobody = await api.call('POST', '/api/scenes/game/layers/nobody/stopwatch/start');
  assert.deepEqual([nobody.status, nobody.textOf('code')], [404, 'SM_LAYER_UNKNOWN']);
  const sent = await api.call('POST', `${WATCH}/stopwatch/start`, { body: { atMs: 5 } });
  assert.equal(sent.status, 422);
});
