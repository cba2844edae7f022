import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { type Harness, startHarness } from './harness.js';

/** What every operation on sound has in common with all others: dry runs, entity tags and idempotency keys. */

type Change = {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
};

/** Each of them takes effect on what those before have left. */
const CHANGES: readonly Change[] = [
  { method: 'POST', path: '/api/audio/buses', body: { id: 'guests' } },
  { method: 'PATCH', path: '/api/audio/buses/guests', body: { strip: { gainDb: -3 } } },
  {
    method: 'POST',
    path: '/api/audio/sources',
    body: { id: 'guest', bus: 'guests', content: { kind: 'push' } },
  },
  {
    method: 'POST',
    path: '/api/audio/sources',
    body: {
      id: 'list',
      content: {
        kind: 'playlist',
        entries: [
          { kind: 'url', url: 'http://127.0.0.1:9/a.mp3' },
          { kind: 'url', url: 'http://127.0.0.1:9/b.mp3' },
        ],
      },
    },
  },
  { method: 'PATCH', path: '/api/audio/sources/list', body: { strip: { gainDb: -3 } } },
  { method: 'POST', path: '/api/audio/sources/list/skip', body: {} },
  { method: 'POST', path: '/api/audio/sources/list/previous', body: {} },
  { method: 'POST', path: '/api/audio/sources/list/go-to', body: { entry: 1 } },
  { method: 'POST', path: '/api/audio/sources/list/seek', body: { positionMs: 500 } },
  { method: 'POST', path: '/api/audio/sources/list/pause', body: {} },
  { method: 'POST', path: '/api/audio/sources/list/play', body: {} },
  {
    method: 'POST',
    path: '/api/audio/ducking',
    body: { id: 'talk', when: 'guests', bus: 'music' },
  },
  { method: 'PATCH', path: '/api/audio/ducking/talk', body: { gainDb: -20 } },
  { method: 'PATCH', path: '/api/audio/master', body: { gainDb: -1 } },
  {
    method: 'POST',
    path: '/api/audio/clips',
    body: { id: 'horn', content: { kind: 'url', url: 'http://127.0.0.1:9/horn.wav' } },
  },
  { method: 'POST', path: '/api/audio/clips/horn/stop', body: {} },
  { method: 'DELETE', path: '/api/audio/ducking/talk' },
  { method: 'DELETE', path: '/api/audio/sources/guest' },
  { method: 'DELETE', path: '/api/audio/sources/list' },
  { method: 'DELETE', path: '/api/audio/buses/guests' },
];

const PathsSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

let api: Harness;
before(async () => {
  api = await startHarness();
});
after(() => api.close());

test('the list has every operation that changes the sound', async () => {
  const { json } = await api.call('GET', '/api/openapi.json');
  const wanted = Object.entries(PathsSchema.parse(json['paths'])).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) =>
      path.startsWith('/api/audio') && method !== 'get' ? [`${method.toUpperCase()} ${path}`] : [],
    ),
  );
  const shapes = CHANGES.map(
    ({ method, path }) => `${method} ${path.replace(/\/(guests|guest|list|talk|horn)/, '/{id}')}`,
  );
  assert.deepEqual([...new Set(shapes)].sort(), wanted.sort());
});

test('each is tried out, held to a tag, carried out once for its key, and told', async () => {
  for (const { method, path, body } of CHANGES) {
    const what = `${method} ${path}`;
    const before = api.store.state;
    const told = api.events.newestSeq;
    const trial = await api.call(method, `${path}?dryRun=true`, { body });
    assert.equal(trial.status, 200, `${what}: ${trial.text}`);
    assert.equal(trial.json['dryRun'], true);

    const stale = { body, headers: { 'if-match': '"stale"' } };
    const refused = await api.call(method, path, stale);
    assert.equal(refused.status, 412, what);
    assert.equal(api.store.state, before, what);
    assert.equal(api.events.newestSeq, told, what);

    const keyed = { body, headers: { 'idempotency-key': `${before.revision}` } };
    const first = await api.call(method, path, keyed);
    assert.ok(first.status < 300, `${what}: ${first.text}`);
    const { revision } = api.store.state;
    assert.ok(revision > before.revision, what);
    assert.ok(api.events.newestSeq > told, what);
    const again = await api.call(method, path, keyed);
    assert.deepEqual([again.status, again.text], [first.status, first.text], what);
    assert.equal(api.store.state.revision, revision, what);
  }
});

test('a dry run says which source would have nothing to play', async () => {
  const entries = ['nowhere', 'nowhere'].map((asset) => ({ kind: 'file', asset }));
  const body = { id: 'list', content: { kind: 'playlist', entries } };
  const reply = await api.call('POST', '/api/audio/sources?dryRun=true', { body });
  const missing = { assetId: 'nowhere', sceneIds: [], sourceIds: ['list'], state: 'unknown' };
  const report = { missingAssets: [missing], missingGlyphs: [], cost: null };
  assert.deepEqual(reply.json['report'], report);
});
