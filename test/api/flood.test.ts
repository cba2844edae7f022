import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { type Harness, startHarness } from './harness.js';
import { openRpc } from './rpc-client.js';

const TOKEN = 'the-owner-of-this-service';
const OWNER = { authorization: `Bearer ${TOKEN}` };
/** Few, so that a flood takes no time. */
const PER_SECOND = 20;

async function start(t: TestContext, apiToken: string | null = TOKEN): Promise<Harness> {
  const api = await startHarness({ apiToken, limits: { requestsPerSecond: PER_SECOND } });
  t.after(() => api.close());
  return api;
}

/** Sends ten times as much as one may send in a second, and gives the statuses that were answered. */
async function flood(
  api: Harness,
  path: string,
  headers: Record<string, string>,
): Promise<Set<number>> {
  const replies = await Promise.all(
    Array.from({ length: 10 * PER_SECOND }, () => api.call('GET', path, { headers })),
  );
  return new Set(replies.map(({ status }) => status));
}

test('a flood without a token, or with wrong ones, from its address does not hold the owner up', async (t) => {
  const api = await start(t);
  const floods = [
    ['/api/scenes', {}],
    ['/api/scenes', { authorization: 'Bearer wrong' }],
    ['/api/preview.jpg', {}],
    ['/metrics', {}],
    ['/docs', {}],
  ] as const;
  for (const [path, headers] of floods) {
    const [statuses, reply, socket] = await Promise.all([
      flood(api, path, headers),
      api.call('GET', '/api/scenes', { headers: OWNER }),
      openRpc(`ws://127.0.0.1:${api.port}/ws`, ['stream-manager', `bearer.${TOKEN}`]),
    ]);
    assert.ok(statuses.has(429), `${path} is not limited: ${[...statuses].join(' ')}`);
    assert.equal(reply.status, 200);
    const answer = await socket.call('scenes.list');
    assert.deepEqual(answer.result, { scenes: [] });
    socket.close();
  }
});

test('whoever watches over the service is answered in a flood, also in one of their own', async (t) => {
  const api = await start(t);
  await flood(api, '/api/scenes', {});
  for (const path of ['/health', '/ready']) {
    assert.deepEqual([...(await flood(api, path, {}))], [200]);
  }
  await flood(api, '/api/scenes', OWNER);
  assert.deepEqual([...(await flood(api, '/metrics', OWNER))], [200]);
});

test('what the owner sends is limited over REST and WebSocket together', async (t) => {
  const api = await start(t);
  const socket = await openRpc(`ws://127.0.0.1:${api.port}/ws`, [
    'stream-manager',
    `bearer.${TOKEN}`,
  ]);
  t.after(() => {
    socket.close();
  });
  const [statuses, answers] = await Promise.all([
    flood(api, '/api/scenes', OWNER),
    Promise.all(Array.from({ length: 10 * PER_SECOND }, () => socket.call('scenes.list'))),
  ]);
  const codes = answers.flatMap(({ error }) => error?.data.code ?? []);
  assert.ok(statuses.has(429) && codes.includes('SM_RATE_LIMITED'));
});

test('without a token everybody at an address shares what it may send', async (t) => {
  const api = await start(t, null);
  assert.ok((await flood(api, '/api/scenes', {})).has(429));
  assert.equal((await api.call('GET', '/health')).status, 200);
});
