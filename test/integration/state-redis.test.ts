import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../src/core/errors.js';
import type { Command } from '../../src/state/command.js';
import { openStateStore } from '../../src/state/open-store.js';
import type { StateStore } from '../../src/state/port.js';
import { runProcess, startProcess } from '../support/process.js';
import { RedisServer, type RedisOptions } from '../support/redis-server.js';
import { recordingLogger, sceneOf, SETTINGS } from '../state/samples.js';
import { eventually } from '../support/until.js';

const HOLDER = fileURLToPath(new URL('../state/store-holder.js', import.meta.url));

async function startRedis(t: TestContext, options?: RedisOptions): Promise<RedisServer> {
  const redis = await RedisServer.start(options);
  t.after(() => redis.close());
  return redis;
}

// Removed last: a store that closes may still write.
const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sm-state-'));
  folders.push(folder);
  return folder;
}

async function open(
  t: TestContext,
  redis: RedisServer,
  dataDir: string,
): Promise<{ store: StateStore; lines: string[] }> {
  const { logger, lines } = recordingLogger();
  const redisUrl = redis.url;
  const options = {
    dataDir,
    redisUrl,
    redisPrefix: 'test:',
    settings: SETTINGS,
    durability: 'relaxed',
    logger,
  } as const;
  const store = await openStateStore(options);
  t.after(() => store.close());
  return { store, lines };
}

function create(id: string): Command {
  return { type: 'scene.create', scene: sceneOf({ id }) };
}

function sceneIds(store: StateStore): string[] {
  return store.state.scenes.map(({ id }) => id);
}

/** A field of the hash in Redis, asked with Redis' own client. */
async function field(redis: RedisServer, name: string): Promise<string> {
  return cli(redis, 'HGET', 'test:state', name);
}

async function cli(redis: RedisServer, ...args: readonly string[]): Promise<string> {
  const { output } = await runProcess('redis-cli', ['-p', String(redis.port), ...args]);
  return output.trim();
}

test('keeps the state in Redis, from where another machine has it', async (t) => {
  const redis = await startRedis(t);
  const { store } = await open(t, redis, await temporaryFolder());
  await store.dispatch(create('a'));
  assert.equal(await field(redis, 'revision'), '1');
  assert.deepEqual(store.persistence, {
    store: 'redis',
    state: 'ok',
    reason: null,
    storedRevision: 1,
    durable: true,
    refusing: false,
  });
  await store.close();
  const moved = await open(t, redis, await temporaryFolder());
  assert.deepEqual(moved.store.state, store.state);
});

test('goes on while Redis is down, and writes the newest state on its return', async (t) => {
  const redis = await startRedis(t);
  const { store } = await open(t, redis, await temporaryFolder());
  await store.dispatch(create('before'));
  await redis.kill();
  // Answered although Redis is away: it comes back only further down.
  await store.dispatch(create('during'));
  assert.equal(store.persistence.state, 'degraded');
  assert.match(store.persistence.reason ?? '', /^SM_STATE_UNREACHABLE: Redis at 127\.0\.0\.1/);
  await store.dispatch(create('later'));
  await redis.start();
  await eventually(() => store.persistence.state === 'ok');
  assert.equal(await field(redis, 'revision'), '3');
  assert.match(await field(redis, 'state'), /"before".*"during".*"later"/);
});

test('does not wait for a Redis that hangs', async (t) => {
  const redis = await startRedis(t);
  const { store } = await open(t, redis, await temporaryFolder());
  redis.pause();
  await store.dispatch(create('during'));
  assert.equal(store.persistence.state, 'degraded');
  assert.match(store.persistence.reason ?? '', /did not store the state within/);
  redis.resume();
  await eventually(() => store.persistence.state === 'ok');
  assert.equal(await field(redis, 'revision'), '1');
});

test('loses nothing when the service restarts while Redis is down', async (t) => {
  const redis = await startRedis(t);
  const dataDir = await temporaryFolder();
  const { store } = await open(t, redis, dataDir);
  await store.dispatch(create('before'));
  await redis.kill();
  await store.dispatch(create('during'));
  await store.close();

  const { store: restarted } = await open(t, redis, dataDir);
  assert.deepEqual(sceneIds(restarted), ['before', 'during']);
  assert.equal(restarted.persistence.state, 'degraded');
  await restarted.dispatch(create('after'));
  await redis.start();
  await eventually(() => restarted.persistence.state === 'ok');
  assert.equal(await field(redis, 'revision'), '3');
});

test('waits for a Redis that starts after the service, when there is nothing else to start from', async (t) => {
  const redis = await startRedis(t);
  const first = await open(t, redis, await temporaryFolder());
  await first.store.dispatch(create('kept'));
  await first.store.close();
  await redis.kill();
  const opening = open(t, redis, await temporaryFolder());
  await sleep(300);
  await redis.start();
  const { store, lines } = await opening;
  assert.deepEqual(sceneIds(store), ['kept']);
  assert.match(lines.join(''), /Waiting up to 10 s for Redis/);
});

test('writes the state again when Redis comes back empty', async (t) => {
  const redis = await startRedis(t, { durable: false });
  const { store } = await open(t, redis, await temporaryFolder());
  await store.dispatch(create('a'));
  await redis.kill();
  await redis.start();
  await eventually(() => {
    void store.dispatch({ type: 'stream.want', wanted: 'offline', atMs: 0 });
    return store.persistence.state === 'ok' && store.persistence.storedRevision > 1;
  });
  assert.match(await field(redis, 'state'), /"id":"a"/);
});

test('does not write over what a second instance has written, and says so', async (t) => {
  const redis = await startRedis(t);
  const { store: first, lines } = await open(t, redis, await temporaryFolder());
  await first.dispatch(create('first'));
  // As when Redis comes back without it just as a second service starts.
  await cli(redis, 'HDEL', 'test:state', 'holder');
  const { store: second } = await open(t, redis, await temporaryFolder());
  await second.dispatch(create('second'));
  await first.dispatch(create('lost'));
  assert.equal(first.persistence.state, 'degraded');
  const inUse = new RegExp(
    `^SM_STATE_IN_USE: .* in use by another service: process ${process.pid} `,
  );
  assert.match(first.persistence.reason ?? '', inUse);
  assert.equal(lines.filter((line) => /SM_STATE_IN_USE/.test(line)).length, 1);
  assert.match(await field(redis, 'state'), /"second"/);
  assert.doesNotMatch(await field(redis, 'state'), /"lost"/);
  await second.dispatch(create('third'));
  assert.equal(second.persistence.state, 'ok');
  // Also when the second one has ended: what it has written stays.
  await second.close();
  await eventually(() => first.persistence.reason?.startsWith('SM_STATE_CONFLICT') === true);
  assert.match(await field(redis, 'state'), /"third"/);
});

test('refuses a Redis that a second service uses, says which, and has it at once after a kill -9', async (t) => {
  const redis = await startRedis(t);
  const holder = await startProcess(process.execPath, [HOLDER, await temporaryFolder(), redis.url]);
  t.after(() => holder.stop());
  await holder.waitForOutput(/^open$/m);
  await assert.rejects(
    open(t, redis, await temporaryFolder()),
    (error) =>
      error instanceof AppError &&
      error.code === 'SM_STATE_IN_USE' &&
      error.message.includes(`in use by another service: process ${holder.pid} on `),
  );
  holder.kill('SIGKILL');
  await holder.ended;
  const { store, lines } = await open(t, redis, await temporaryFolder());
  assert.equal(store.persistence.state, 'ok');
  assert.deepEqual(lines, [], 'it did not wait for the lease to end');
});

test('keeps its lease as long as it runs, and takes it back when Redis has lost it', async (t) => {
  const redis = await startRedis(t);
  const { store } = await open(t, redis, await temporaryFolder());
  const heldUntil = await field(redis, 'heldUntil');
  await eventually(async () => (await field(redis, 'heldUntil')) > heldUntil);
  await cli(redis, 'FLUSHALL');
  await eventually(async () => (await field(redis, 'holderInfo')).includes(`"pid":${process.pid}`));
  await eventually(async () => (await field(redis, 'revision')) === '0');
  assert.equal(store.persistence.state, 'ok');
  await store.close();
  assert.equal(await field(redis, 'holder'), '');
});

test('is degraded while another has the lease, without a change that would show it', async (t) => {
  const redis = await startRedis(t);
  const { store } = await open(t, redis, await temporaryFolder());
  await cli(redis, 'HSET', 'test:state', 'holder', 'other', 'heldUntil', '99999999999999');
  await eventually(() => store.persistence.state === 'degraded');
  assert.match(store.persistence.reason ?? '', /^SM_STATE_IN_USE/);
  await store.dispatch(create('meanwhile'));
  assert.equal(store.persistence.durable, true, 'the copy on this machine has it');
  await cli(redis, 'HDEL', 'test:state', 'holder');
  await eventually(() => store.persistence.state === 'ok');
  assert.match(await field(redis, 'state'), /"meanwhile"/);
});

test('does not start over a key that holds something else', async (t) => {
  const redis = await startRedis(t);
  for (const command of [
    ['SET', 'test:state', 'something else'],
    ['HSET', 'test:state', 'state', 'no json', 'revision', '7'],
  ]) {
    await cli(redis, 'DEL', 'test:state');
    await cli(redis, ...command);
    await assert.rejects(
      open(t, redis, await temporaryFolder()),
      (error) => error instanceof AppError && error.code === 'SM_STATE_UNREADABLE',
    );
  }
  assert.equal(await field(redis, 'state'), 'no json');
});

test('never brings the copy of one Redis into another', async (t) => {
  const dataDir = await temporaryFolder();
  const one = await startRedis(t);
  const { store } = await open(t, one, dataDir);
  await store.dispatch(create('of-one'));
  await store.close();
  const other = await startRedis(t);
  const { store: otherStore } = await open(t, other, dataDir);
  assert.deepEqual(sceneIds(otherStore), []);
  const copies = (await readdir(dataDir)).filter((name) => /^state\..*\.json$/.test(name));
  assert.equal(copies.length, 2);
});
