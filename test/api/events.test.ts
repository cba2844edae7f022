import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.js';
import { openRpc } from './rpc-client.js';
import { eventually } from '../support/until.js';

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

async function change(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await api.call('POST', '/api/scenes', { body: {} });
}

test('events are read from a number on, by topic and in parts', async () => {
  const since = api.events.newestSeq;
  await change(5);
  await api.call('PATCH', '/api/config', { body: { fps: 50 } });
  const first = await api.call('GET', `/api/events?since=${since}&topics=scene&limit=3`);
  const { events, seq } = first.json;
  assert.ok(Array.isArray(events) && events.length === 3, first.text);
  assert.equal(seq, since + 3);
  assert.equal(first.json['newestSeq'], since + 6);
  assert.equal(first.json['gap'], false);
  const rest = await api.call('GET', `/api/events?since=${String(seq)}&topics=scene,stream`);
  assert.equal(rest.json['seq'], since + 6);
  assert.equal(rest.text.match(/"type":/g)?.length, 3);
  const none = await api.call('GET', '/api/events');
  assert.deepEqual(none.json['events'], []);
  assert.equal(none.json['seq'], since + 6);
  assert.equal((await api.call('GET', '/api/events?since=0')).json['gap'], true);
  assert.equal((await api.call('GET', '/api/events?topics=weather')).status, 422);
});

test('a client that is cut off again and again misses nothing and gets nothing twice', async () => {
  const start = api.events.newestSeq;
  let known = start;
  const seen: number[] = [];
  const working = change(60);
  const last = start + 60;
  while (known < last) {
    const client = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
    const answer = await client.call('events.subscribe', { topics: ['scene'], since: known });
    assert.match(JSON.stringify(answer.result), /"gap":false/);
    await eventually(() => client.events.length >= 3 || client.events.at(-1)?.seq === last);
    client.socket.terminate();
    seen.push(...client.events.map(({ seq }) => seq));
    known = seen.at(-1) ?? known;
  }
  await working;
  assert.deepEqual(
    seen,
    Array.from({ length: 60 }, (_, i) => start + 1 + i),
  );
});
