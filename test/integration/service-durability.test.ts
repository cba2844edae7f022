import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { request } from 'undici';
import { openRpc } from '../api/rpc-client.js';
import { Service, SMALL_STREAM } from '../support/service.js';

/** A service whose DATA_DIR is a file system of its own of 1 MB; null where none can be mounted. */
async function startOnSmallDisk(
  t: TestContext,
  variables: Readonly<Record<string, string>>,
): Promise<{ service: Service; fill: () => Promise<void>; free: () => Promise<void> } | null> {
  const service = await Service.prepare({ ...SMALL_STREAM, ...variables });
  const disk = join(service.folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    t.skip(`a small disk cannot be mounted here: ${String(error)}`);
    await service.close();
    return null;
  }
  t.after(async () => {
    await service.kill();
    execFileSync('umount', [disk]);
    await service.close();
  });
  await service.start({ DATA_DIR: disk });
  const filler = join(disk, 'filler');
  return {
    service,
    fill: () => writeFile(filler, Buffer.alloc(1 << 20)).catch(() => undefined),
    free: () => rm(filler),
  };
}

type Told = { status: number; durable: string | undefined; text: string };

async function change(service: Service, name: string): Promise<Told> {
  const response = await request(`${service.origin}/api/scenes/a`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  const durable = response.headers['stream-manager-durable'];
  const text = await response.body.text();
  return { status: response.statusCode, durable: durable?.toString(), text };
}

async function readiness(service: Service): Promise<unknown[]> {
  const { status, json } = await service.api('GET', '/ready');
  return [status, json['ready'], json['status']];
}

test('a change that cannot be stored is applied, and its answer says that it is not durable', async (t) => {
  const started = await startOnSmallDisk(t, {});
  if (started === null) return;
  const { service, fill, free } = started;
  await service.must('POST', '/api/scenes', { id: 'a' });
  assert.deepEqual(
    [(await change(service, 'stored')).durable, await readiness(service)],
    [undefined, [200, true, 'ok']],
  );
  const rpc = await openRpc(`ws://127.0.0.1:${service.apiPort}/ws`);
  await rpc.call('events.subscribe', { topics: ['stream'] });
  await fill();
  const lost = await change(service, 'only in memory');
  assert.deepEqual([lost.status, lost.durable], [200, 'false']);
  assert.deepEqual(await readiness(service), [200, true, 'degraded']);
  assert.equal((await service.status()).persistence.durable, false);
  const told = await rpc.call('scenes.update', { id: 'a', name: 'in memory as well' });
  assert.equal(told['durable'], false);
  assert.equal('durable' in (await rpc.call('scenes.get', { id: 'a' })), false);
  await service.until('an event says so', () =>
    rpc.events.some(({ type, data }) => type === 'persistence.state' && data['durable'] === false),
  );

  await free();
  await service.until('it is stored', async () => (await service.status()).persistence.durable);
  assert.equal((await change(service, 'durable again')).durable, undefined);
  rpc.close();
  await service.kill();
  await service.start({ DATA_DIR: join(service.folder, 'disk') });
  const { json } = await service.must('GET', '/api/scenes/a');
  assert.equal(json['name'], 'durable again');
});

test('with DURABILITY=strict a change that cannot be stored is refused, and going live is not', async (t) => {
  const started = await startOnSmallDisk(t, { DURABILITY: 'strict' });
  if (started === null) return;
  const { service, fill, free } = started;
  await service.must('POST', '/api/scenes', { id: 'a', name: 'stored' });
  await fill();
  for (let i = 0; i < 3; i++) {
    const refused = await change(service, 'x'.repeat(90));
    assert.equal(refused.status, 503, refused.text);
    assert.match(refused.text, /SM_STATE_NOT_DURABLE.*/);
  }
  const { json } = await service.must('GET', '/api/scenes/a');
  assert.equal(json['name'], 'stored');
  assert.deepEqual(await readiness(service), [503, false, 'unavailable']);
  assert.equal((await service.api('GET', '/health')).status, 200);
  await service.must('POST', '/api/stream/start');
  await service.must('POST', '/api/stream/stop');

  await free();
  await service.until('changes are taken', async () => {
    return (await change(service, 'taken again')).status === 200;
  });
  assert.deepEqual(await readiness(service), [200, true, 'ok']);
});

test('a second service over the same DATA_DIR does not start, and says who has it', async (t) => {
  const first = await Service.start(SMALL_STREAM);
  t.after(() => first.close());
  const second = await Service.prepare({ ...SMALL_STREAM, DATA_DIR: first.dataDir });
  t.after(() => second.close());
  await assert.rejects(second.start(), (error) => {
    const message = error instanceof Error ? error.message : '';
    return message.includes(
      `DATA_DIR ${first.dataDir} is in use by another service: process ${first.pid} on `,
    );
  });
  await first.must('POST', '/api/scenes', { id: 'a' });
  await first.kill();
  await second.start();
  await second.must('GET', '/api/scenes/a');
});
