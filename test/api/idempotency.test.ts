import assert from 'node:assert/strict';
import { link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fingerprintOf, IdempotencyKeys } from '../../src/api/idempotency.js';
import { IdempotencyJournal, type KeptCall } from '../../src/api/idempotency-journal.js';
import type { Answer } from '../../src/api/operation.js';
import { RetryLaterError } from '../../src/api/problem.js';
import { AppError } from '../../src/core/errors.js';
import { createLogger } from '../../src/core/logger.js';
import { type Harness, type Reply, startHarness } from './harness.js';
import { openRpc } from './rpc-client.js';

const LOGGER = createLogger('silent', 'test');

let api: Harness;
let folder: string;
before(async () => {
  api = await startHarness();
  folder = await mkdtemp(join(tmpdir(), 'sm-keys-'));
});
after(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

function create(key: string, body: object): Promise<Reply> {
  return api.call('POST', '/api/scenes', { body, headers: { 'idempotency-key': key } });
}

test('a request that comes again is answered again and not carried out again', async () => {
  const first = await create('"8e03978e-40d5-43dd-bc93-6894a57f9324"', { name: 'Once' });
  assert.equal(first.status, 201, first.text);
  assert.equal(first.headers['idempotency-replayed'], undefined);
  const { revision } = api.store.state;
  const again = await create('8e03978e-40d5-43dd-bc93-6894a57f9324', { name: 'Once' });
  assert.equal(again.status, 201);
  assert.equal(again.text, first.text);
  assert.equal(again.headers['location'], first.headers['location']);
  assert.equal(again.headers['idempotency-replayed'], 'true');
  assert.equal(api.store.state.revision, revision);
});

test('a key belongs to one request', async () => {
  await create('mine', { name: 'Mine' });
  const other = await create('mine', { name: 'Other' });
  assert.equal(other.status, 422);
  assert.equal(other.json['code'], 'SM_IDEMPOTENCY_MISMATCH');
  assert.match(JSON.stringify(other.json), /The idempotency key mine was/);
  const elsewhere = await api.call('POST', '/api/batch', {
    body: { operations: [{ method: 'scenes.create' }] },
    headers: { 'idempotency-key': 'mine' },
  });
  assert.equal(elsewhere.json['code'], 'SM_IDEMPOTENCY_MISMATCH');
  for (const key of ['a b', 'x'.repeat(256)]) {
    assert.equal((await create(key, {})).json['code'], 'SM_REQUEST_INVALID', key);
  }
});

test('requests at once with one key wait for the first', async () => {
  const { length } = api.store.state.scenes;
  const replies = await Promise.all(Array.from({ length: 8 }, () => create('at-once', {})));
  assert.equal(new Set(replies.map(({ text }) => text)).size, 1);
  assert.equal(api.store.state.scenes.length, length + 1);
  const fresh = replies.filter(({ headers }) => headers['idempotency-replayed'] === undefined);
  assert.equal(fresh.length, 1);
});

test('a refusal is repeated as well', async () => {
  await create('taken-1', { id: 'taken' });
  const refused = await create('taken-2', { id: 'taken' });
  assert.equal(refused.status, 409);
  await api.call('DELETE', '/api/scenes/taken');
  const again = await create('taken-2', { id: 'taken' });
  assert.equal(again.status, 409);
  assert.equal(again.text, refused.text);
  assert.equal(again.headers['idempotency-replayed'], 'true');
});

test('an upload and a call over JSON-RPC have keys too', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const headers = { 'content-type': 'image/png', 'idempotency-key': 'bytes' };
  const refused = await api.call('POST', '/api/assets', { raw: svg, headers });
  const again = await api.call('POST', '/api/assets', { raw: svg, headers });
  assert.equal(again.text, refused.text);
  assert.equal(again.headers['idempotency-replayed'], 'true');
  const rpc = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
  const call = { name: 'By RPC', idempotencyKey: 'by-rpc' };
  const first = await rpc.call('scenes.create', call);
  assert.deepEqual((await rpc.call('scenes.create', call)).result, first.result);
  const other = await rpc.call('scenes.create', { ...call, name: 'Other' });
  assert.equal(other.error?.data.code, 'SM_IDEMPOTENCY_MISMATCH');
  rpc.close();
});

const ANSWER: Answer = { status: 201, value: { id: 'x' }, location: '/x' };

test('keys outlive a restart, also when the last line is torn', async () => {
  const path = join(folder, 'restart.jsonl');
  const open = async (): Promise<IdempotencyKeys> => {
    const keys = new IdempotencyKeys(new IdempotencyJournal(path, LOGGER), Date.now);
    await keys.open();
    return keys;
  };
  const print = fingerprintOf('scenes.create', {});
  const first = await open();
  await first.once('a', print, () => Promise.resolve(ANSWER));
  const failing = await first.once('b', print, () =>
    Promise.reject(new AppError('SM_SCENE_LIMIT', 'Too many.')),
  );
  assert.throws(() => failing.answer(), { code: 'SM_SCENE_LIMIT' });
  await first.close();
  await writeFile(path, `${await readFile(path, 'utf8')}{"key":"c","finger`);
  const second = await open();
  const never = (): Promise<Answer> => Promise.reject(new Error('carried out again'));
  const again = await second.once('a', print, never);
  assert.equal(again.isReplay, true);
  assert.deepEqual(again.answer(), ANSWER);
  const refused = await second.once('b', print, never);
  assert.throws(() => refused.answer(), { code: 'SM_SCENE_LIMIT', message: 'Too many.' });
  await second.close();
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  assert.equal(lines.length, 2);
});

test('what was refused for a passing reason may be tried again', async () => {
  const keys = new IdempotencyKeys(null, Date.now);
  const outcome = await keys.once('k', 'p', () => Promise.reject(new RetryLaterError('Later.', 1)));
  assert.throws(() => outcome.answer(), { code: 'SM_RATE_LIMITED' });
  const broken = await keys.once('k', 'p', () => Promise.reject(new Error('ours')));
  assert.throws(() => broken.answer());
  const next = await keys.once('k', 'p', () => Promise.resolve(ANSWER));
  assert.deepEqual(next.answer(), ANSWER);
  assert.equal(next.isReplay, false);
});

test('keys are forgotten after a day, and the oldest when there are too many', async () => {
  let nowMs = 0;
  const keys = new IdempotencyKeys(null, () => nowMs, { keepMs: 1000, calls: 3, chars: 10_000 });
  const isNew = async (key: string): Promise<boolean> =>
    !(await keys.once(key, 'p', () => Promise.resolve(ANSWER))).isReplay;
  assert.equal(await isNew('a'), true);
  assert.equal(await isNew('a'), false);
  nowMs = 1001;
  assert.equal(await isNew('a'), true);
  for (const key of ['b', 'c', 'd']) await isNew(key);
  assert.equal(await isNew('a'), true);
});

test('the journal is replaced as a whole: a crash while it is rewritten leaves the old one', async () => {
  const path = join(folder, 'whole.jsonl');
  const journal = new IdempotencyJournal(path, LOGGER);
  const call = (key: string): KeptCall => {
    return { key, fingerprint: 'f', atMs: 1, outcome: { status: 200, value: 1, location: null } };
  };
  await journal.rewrite([call('old')]);
  // Another name of the very file: whoever writes into it, in place of putting another there, is found out.
  const other = join(folder, 'other-name.jsonl');
  await link(path, other);
  await journal.rewrite([call('new')]);
  assert.match(await readFile(other, 'utf8'), /"key":"old"/);
  await journal.append(call('added'));
  // Nothing can be written beside it: the old one stays, and what comes is still added to it.
  await mkdir(`${path}.writing`);
  await journal.rewrite([]);
  await journal.append(call('later'));
  await journal.close();
  const kept = await new IdempotencyJournal(path, LOGGER).load();
  assert.deepEqual(
    kept.map(({ key }) => key),
    ['new', 'added', 'later'],
  );
});
