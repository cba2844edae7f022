import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { openStateStore } from '../../src/state/open-store.js';
import type { StateStore } from '../../src/state/port.js';
import { runProcess } from '../support/process.js';
import { RedisServer, type RedisOptions } from '../support/redis-server.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { recordingLogger, sceneOf, SETTINGS } from '../state/samples.js';
import { eventually } from '../support/until.js';

// Removed last: a store that closes may still write.
const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function open(t: TestContext, redisUrl: string): Promise<StateStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sm-fail-over-'));
  folders.push(dataDir);
  const { logger } = recordingLogger();
  const store = await openStateStore({
    dataDir,
    redisUrl,
    redisPrefix: 'test:',
    settings: SETTINGS,
    durability: 'relaxed',
    logger,
  });
  t.after(() => store.close());
  return store;
}

async function startRedis(t: TestContext, options?: RedisOptions): Promise<RedisServer> {
  const redis = await RedisServer.start(options);
  t.after(() => redis.close());
  return redis;
}

async function startProxy(t: TestContext, target: number): Promise<TcpProxy> {
  const proxy = await startTcpProxy(target);
  t.after(() => proxy.close());
  return proxy;
}

async function cli(redis: RedisServer, ...args: readonly string[]): Promise<string> {
  const { output } = await runProcess('redis-cli', ['-p', String(redis.port), ...args]);
  return output.trim();
}

/** Sends a change every 5 ms, without waiting for answers, until it is stopped. */
function hammer(store: StateStore): { readonly answered: string[]; stop(): Promise<void> } {
  const answered: string[] = [];
  const running: Promise<unknown>[] = [];
  let count = 0;
  const timer = setInterval(() => {
    const id = `scene-${count++ % 100}`;
    const name = `change ${count}`;
    const command = store.head.scenes.some((scene) => scene.id === id)
      ? ({ type: 'scene.patch', sceneId: id, patch: { name }, atMs: 0, transition: null } as const)
      : ({ type: 'scene.create', scene: sceneOf({ id, name }) } as const);
    running.push(store.dispatch(command).then(() => answered.push(name)));
  }, 5);
  return {
    answered,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

test('follows a fail-over that leaves its connection open, and loses nothing that it has answered', async (t) => {
  const first = await startRedis(t);
  const second = await startRedis(t);
  await cli(second, 'REPLICAOF', '127.0.0.1', String(first.port));
  await eventually(async () =>
    (await cli(second, 'INFO', 'replication')).includes('link_status:up'),
  );
  const proxy = await startProxy(t, first.port);
  const store = await open(t, `redis://127.0.0.1:${proxy.port}`);
  const writes = hammer(store);
  const { answered } = writes;
  await eventually(() => answered.length > 100);

  await cli(second, 'REPLICAOF', 'NO', 'ONE');
  await cli(first, 'REPLICAOF', '127.0.0.1', String(second.port));
  proxy.target = second.port;
  const before = answered.length;
  await eventually(() => answered.length > before + 200);
  await writes.stop();
  await eventually(() => store.persistence.state === 'ok');
  await eventually(() => store.persistence.storedRevision === store.state.revision);

  const held = await cli(second, 'HGET', 'test:state', 'state');
  for (const { id, name } of store.state.scenes) {
    assert.ok(held.includes(`{"id":"${id}","name":"${name}"`), `${id} "${name}" is not there`);
  }
  const newest = new Set(answered.slice(-100));
  const stored = new Set(store.state.scenes.map(({ name }) => name));
  assert.deepEqual(
    [...newest].filter((name) => !stored.has(name)),
    [],
  );
});

test('writes the newest state again when the new master had not received all of it', async (t) => {
  const first = await startRedis(t);
  const second = await startRedis(t);
  const proxy = await startProxy(t, first.port);
  const store = await open(t, `redis://127.0.0.1:${proxy.port}`);
  await store.dispatch({ type: 'scene.create', scene: sceneOf({ id: 'answered' }) });
  // Nothing was replicated when the first one fails, and nobody changes anything afterwards.
  proxy.target = second.port;
  await cli(first, 'REPLICAOF', '127.0.0.1', String(second.port));
  await eventually(async () =>
    (await cli(second, 'HGET', 'test:state', 'state')).includes('answered'),
  );
  await eventually(() => store.persistence.state === 'ok');
});

test('goes on by itself after every answer of a server that cannot be written to', async (t) => {
  const redis = await startRedis(t);
  const store = await open(t, redis.url);
  const refusals: readonly (readonly [code: string, spoil: string[], mend: string[]])[] = [
    ['READONLY', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    [
      'NOREPLICAS',
      ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
      ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    ],
    ['OOM', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    ['NOPERM', ['ACL', 'SETUSER', 'default', '-eval'], ['ACL', 'SETUSER', 'default', '+eval']],
  ];
  for (const [code, spoil, mend] of refusals) {
    assert.equal(await cli(redis, ...spoil), 'OK');
    await store.dispatch({ type: 'scene.create', scene: sceneOf({ id: `during-${code}` }) });
    assert.equal(store.persistence.state, 'degraded', code);
    assert.match(store.persistence.reason ?? '', new RegExp(code));
    assert.equal(await cli(redis, ...mend), 'OK');
    await eventually(() => store.persistence.state === 'ok');
    assert.match(await cli(redis, 'HGET', 'test:state', 'state'), new RegExp(`during-${code}`));
  }
});

test('says so when its password is no longer the right one, and goes on when it is again', async (t) => {
  const redis = await startRedis(t);
  const store = await open(t, `redis://:first@127.0.0.1:${redis.port}`);
  await store.dispatch({ type: 'scene.create', scene: sceneOf({ id: 'a' }) });
  assert.equal(await cli(redis, 'CONFIG', 'SET', 'requirepass', 'second'), 'OK');
  await cli(redis, '-a', 'second', 'CLIENT', 'KILL', 'TYPE', 'normal');
  await eventually(() => store.persistence.state === 'degraded');
  assert.match(store.persistence.reason ?? '', /WRONGPASS|NOAUTH/);
  assert.doesNotMatch(store.persistence.reason ?? '', /first/);
  assert.match(await cli(redis, '-a', 'second', 'CONFIG', 'SET', 'requirepass', 'first'), /OK/);
  await eventually(() => store.persistence.state === 'ok');
});
