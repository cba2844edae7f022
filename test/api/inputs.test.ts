import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ServiceEvent } from '../../src/core/event.js';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

const CALL = { id: 'call', content: { kind: 'srt-listen', port: 9710 } };

test('an input to publish to has a key that is made up, and is told where', async () => {
  const { status, json } = await api.call('POST', '/api/inputs', {
    body: { id: 'camera', content: { kind: 'rtmp-push' } },
  });
  assert.equal(status, 201);
  const key = String(Reflect.get(Object(json['content']), 'key'));
  assert.match(key, /^[\w-]{24}$/);
  assert.equal(json['publishPath'], `/inputs/camera?key=${key}`);
  assert.equal(Reflect.get(Object(json['status']), 'state'), 'idle');
  const changed = await api.call('PATCH', '/api/inputs/camera', {
    body: { content: { kind: 'rtmp-push' } },
  });
  assert.notEqual(Reflect.get(Object(changed.json['content']), 'key'), key);
});

test('keys and passphrases are in no event', async () => {
  const events: ServiceEvent[] = [];
  const stop = api.events.listen((event) => {
    events.push(event);
  });
  const key = 'the-key-nobody-sees';
  const content = { kind: 'rtmp-push', key };
  await api.call('POST', '/api/inputs', { body: { id: 'secret', content } });
  await api.call('PATCH', '/api/inputs/secret', { body: { name: 'Guest' } });
  await api.call('DELETE', '/api/inputs/secret');
  stop();
  assert.deepEqual(
    events.filter(({ topic }) => topic === 'input').map(({ type }) => type),
    ['input.created', 'input.updated', 'input.removed'],
  );
  assert.ok(!JSON.stringify(events).includes(key));
});

test('a port is listened on by one input, an id is that of one, and their number is bounded', async () => {
  assert.equal((await api.call('POST', '/api/inputs', { body: CALL })).status, 201);
  const again = await api.call('POST', '/api/inputs', { body: CALL });
  assert.deepEqual([again.status, again.json['code']], [409, 'SM_INPUT_EXISTS']);
  const other = await api.call('POST', '/api/inputs', { body: { ...CALL, id: 'other' } });
  assert.equal(other.status, 422);
  assert.match(other.text, /used by the input call/);
  for (let i = 0; i < 16; i++)
    await api.call('POST', '/api/inputs', {
      body: { id: `n${i}`, content: { kind: 'rtmp-push' } },
    });
  const many = await api.call('POST', '/api/inputs', { body: { content: { kind: 'rtmp-push' } } });
  assert.deepEqual([many.status, many.json['code']], [409, 'SM_INPUT_LIMIT']);
});

for (const [name, content] of Object.entries({
  'a kind that there is not': { kind: 'ndi', name: 'STUDIO (Camera 1)' },
  'an address of another protocol': { kind: 'rtmp', url: 'file:///etc/passwd' },
  'an address of HLS that is none of the web': { kind: 'hls', url: 'concat:a|b' },
  'a key that is too short': { kind: 'rtmp-push', key: 'short' },
  'a port of the system': { kind: 'srt-listen', port: 22 },
}))
  test(`${name} is refused`, async () => {
    const { status, json } = await api.call('POST', '/api/inputs', { body: { content } });
    assert.deepEqual([status, json['code']], [422, 'SM_REQUEST_INVALID']);
  });

test('a layer that falls back needs the picture for it', async () => {
  const layer = { id: 'a', type: 'input', input: 'camera', width: 320, height: 180 };
  const body = (more: object): object => ({ layers: [{ ...layer, ...more }] });
  const refused = await api.call('POST', '/api/scenes', { body: body({ whenLost: 'fallback' }) });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /fallbackAsset/);
  const taken = await api.call('POST', '/api/scenes', { body: body({ whenLost: 'hide' }) });
  assert.equal(taken.status, 201);
});
