import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { afterEach, before, beforeEach, test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import {
  FAST_REFRESH,
  makePng,
  openFixture,
  sceneCommand,
  waitForAsset,
  type Fixture,
} from '../assets/fixture.js';
import { answer, startHttpServer, type HttpServer } from '../support/http-server.js';
import { eventually } from '../support/until.js';

const TIMEOUTS = {
  connectTimeoutMs: 500,
  headersTimeoutMs: 300,
  bodyTimeoutMs: 300,
  totalTimeoutMs: 800,
};

let server: HttpServer;
let fixture: Fixture;
let png: Buffer;
let otherPng: Buffer;

before(async () => {
  png = await makePng(20, 10);
  otherPng = await makePng(30, 10, '#00ff00');
});
beforeEach(async () => {
  server = await startHttpServer((_, response) => {
    answer(response, 200, { 'content-type': 'text/plain' }, png);
  });
  fixture = await openFixture({
    cdnBaseUrl: `${server.origin}/cdn`,
    uploadLimitBytes: 100_000,
    timeouts: TIMEOUTS,
  });
});
afterEach(async () => {
  await fixture.close();
  await server.close();
});

async function register(id: string, url: string): Promise<void> {
  await fixture.assets.register({ id, name: '', url });
}

const isReady = ({ state }: { state: string }): boolean => state === 'ready';
const isFailed = ({ state }: { state: string }): boolean => state === 'failed';

test('answers at once with a pending asset and fetches it behind', async () => {
  const asset = await fixture.assets.register({ id: 'logo', name: 'Logo', url: 'a/logo.png' });
  assert.deepEqual([asset.state, asset.contentHash], ['pending', null]);
  assert.equal(fixture.assets.pictureSourceOf(asset), null);
  await assert.rejects(
    fixture.assets.content('logo'),
    (error) => error instanceof AppError && error.code === 'SM_ASSET_NOT_READY',
  );
  const ready = await waitForAsset(fixture.store, 'logo', isReady);
  assert.deepEqual([ready.width, ready.height, ready.mediaType], [20, 10, 'image/png']);
  assert.equal(server.requests[0]?.path, '/cdn/a/logo.png');
  const { path } = await fixture.assets.content('logo');
  assert.deepEqual(await readFile(path), png);
});

test('asks whether content in use has changed, and takes the new one', async () => {
  let etag = '"one"';
  let body = png;
  server.answerWith((request, response) => {
    const headers = { etag, 'cache-control': 'max-age=0' };
    if (request.headers['if-none-match'] === etag) answer(response, 304, headers);
    else answer(response, 200, headers, body);
  });
  await register('board', 'board.png');
  const first = await waitForAsset(fixture.store, 'board', isReady);
  await fixture.store.dispatch(sceneCommand('main', ['board']));
  await eventually(
    () => server.requests.filter(({ headers }) => headers['if-none-match'] === etag).length > 2,
  );
  const { revision } = fixture.store.state;
  await eventually(() => server.requests.length > 5);
  assert.equal(fixture.store.state.revision, revision, 'unchanged content is not written again');
  [etag, body] = ['"two"', otherPng];
  const second = await waitForAsset(fixture.store, 'board', (asset) => asset.etag === '"two"');
  assert.notEqual(second.contentHash, first.contentHash);
  assert.equal(second.width, 30);
});

test('asks by date when the server gives no ETag', async () => {
  const date = 'Sat, 01 Jan 2022 00:00:00 GMT';
  server.answerWith((request, response) => {
    const headers = { 'last-modified': date, 'cache-control': 'no-cache' };
    if (request.headers['if-modified-since'] === date) answer(response, 304, headers);
    else answer(response, 200, headers, png);
  });
  await fixture.store.dispatch(sceneCommand('main', ['dated']));
  await register('dated', 'dated.png');
  await eventually(
    () => server.requests.filter(({ headers }) => headers['if-modified-since'] === date).length > 1,
  );
});

test('leaves the server alone while content is fresh or nobody shows it', async () => {
  server.answerWith((_, response) => {
    answer(response, 200, { 'cache-control': 'max-age=3600' }, png);
  });
  await register('fresh', 'fresh.png');
  await waitForAsset(fixture.store, 'fresh', isReady);
  await fixture.store.dispatch(sceneCommand('main', ['fresh']));
  server.answerWith((_, response) => {
    answer(response, 200, { 'cache-control': 'no-store' }, png);
  });
  await register('unused', 'unused.png');
  await waitForAsset(fixture.store, 'unused', isReady);
  await pause(200);
  assert.equal(server.requests.length, 2);
});

test('tries again when the server fails, and again later when all tries failed', async () => {
  server.answerWith((_, response) => {
    answer(response, 503, {});
  });
  await register('late', 'late.png');
  const failed = await waitForAsset(fixture.store, 'late', isFailed);
  assert.match(failed.error ?? '', /status 503.*retries automatically/);
  assert.equal(server.requests.length, 1 + FAST_REFRESH.retryDelaysMs.length);
  server.answerWith((_, response) => {
    answer(response, 200, {}, png);
  });
  const ready = await waitForAsset(fixture.store, 'late', isReady);
  assert.equal(ready.error, null);
});

test('fails at once when there is nothing at the address or it is no picture', async () => {
  server.answerWith((request, response) => {
    if (request.url === '/cdn/text')
      answer(response, 200, { 'content-type': 'image/png' }, 'hello');
    else if (request.url === '/cdn/cut') answer(response, 200, {}, png.subarray(0, 60));
    else answer(response, 404, {});
  });
  for (const [id, message] of [
    ['missing', /404.*No resource exists at this address/],
    ['text', /not recognized/],
    ['cut', /cannot be decoded/],
  ] as const) {
    await register(id, id);
    assert.match((await waitForAsset(fixture.store, id, isFailed)).error ?? '', message);
  }
});

test('keeps what it has on air while the CDN is unreachable, and says so once', async () => {
  server.answerWith((_, response) => {
    answer(response, 200, { 'cache-control': 'max-age=0' }, png);
  });
  await register('kept', 'kept.png');
  const before = await waitForAsset(fixture.store, 'kept', isReady);
  await server.close();
  await fixture.store.dispatch(sceneCommand('main', ['kept']));
  await eventually(() => fixture.events.some(({ type }) => type === 'asset.stale'));
  await pause(400);
  const told = fixture.events.filter(({ type }) => type === 'asset.stale');
  assert.equal(told.length, 1);
  assert.match(String(told[0]?.data['reason']), /refuses connections/);
  assert.deepEqual(fixture.store.state.assets[0], before);
  assert.equal((await fixture.assets.content('kept')).contentHash, before.contentHash);
});

test('stops reading when there are more bytes than are taken, announced or not', async () => {
  server.answerWith((request, response) => {
    response.writeHead(200, request.url === '/cdn/long' ? { 'content-length': '100001' } : {});
    response.write(png);
    const timer = setInterval(() => response.write(Buffer.alloc(20_000)), 5);
    response.on('close', () => {
      clearInterval(timer);
    });
  });
  for (const id of ['long', 'endless']) {
    await register(id, id);
    assert.match(
      (await waitForAsset(fixture.store, id, isFailed)).error ?? '',
      /larger than 100000 bytes/,
    );
  }
});

test('gives up on servers that never answer, stop in the middle or drip', async () => {
  server.answerWith((request, response) => {
    if (request.url === '/cdn/mute') return;
    response.writeHead(200);
    response.write(png.subarray(0, 10));
    if (request.url === '/cdn/stuck') return;
    const timer = setInterval(() => response.write('x'), 50);
    response.on('close', () => {
      clearInterval(timer);
    });
  });
  const impatient = await openFixture({
    cdnBaseUrl: `${server.origin}/cdn`,
    // The HTTP client rounds pauses up to whole seconds.
    timeouts: { ...TIMEOUTS, totalTimeoutMs: 2500 },
    refreshPolicy: { ...FAST_REFRESH, retryDelaysMs: [] },
  });
  try {
    const messages = await Promise.all(
      ['mute', 'stuck', 'drip'].map(async (id) => {
        await impatient.assets.register({ id, name: '', url: id });
        return (await waitForAsset(impatient.store, id, isFailed)).error ?? '';
      }),
    );
    assert.match(messages[0] ?? '', /did not respond in time/);
    assert.match(messages[1] ?? '', /stopped sending/);
    assert.match(messages[2] ?? '', /longer than 2.5 seconds/);
  } finally {
    await impatient.close();
  }
});

test('fetches four at a time, and gives up those that are removed', async () => {
  const open = new Set<ServerResponse>();
  let most = 0;
  server.answerWith((request, response) => {
    open.add(response);
    response.on('close', () => {
      open.delete(response);
    });
    most = Math.max(most, open.size);
    if (request.url === '/cdn/hanging' || open.size !== 4) return;
    // None is answered before there are four; a fifth would come in this time.
    setTimeout(() => {
      for (const one of open) answer(one, 200, {}, png);
    }, 30);
  });
  const patient = await openFixture({ cdnBaseUrl: `${server.origin}/cdn` });
  try {
    const ids = Array.from({ length: 12 }, (_, i) => `many-${i}`);
    for (const id of ids) await patient.assets.register({ id, name: '', url: id });
    await Promise.all(ids.map((id) => waitForAsset(patient.store, id, isReady)));
    assert.equal(most, 4);

    await patient.assets.register({ id: 'hanging', name: '', url: 'hanging' });
    await eventually(() => open.size === 1);
    await patient.assets.remove('hanging');
    await eventually(() => open.size === 0);
    await pause(50);
    assert.equal(
      patient.store.state.assets.some(({ id }) => id === 'hanging'),
      false,
    );
  } finally {
    await patient.close();
  }
});

test('closes while fetches are going on, twice if asked to, and takes nothing any more', async () => {
  server.answerWith(() => undefined);
  await register('hanging', 'hanging');
  await eventually(() => server.requests.length === 1);
  await Promise.all([fixture.assets.close(), fixture.assets.close()]);
  assert.equal(fixture.store.state.assets[0]?.state, 'pending');
  await assert.rejects(
    fixture.assets.register({ id: null, name: '', url: 'x' }),
    (error) => error instanceof AppError && error.code === 'SM_SHUTTING_DOWN',
  );
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
