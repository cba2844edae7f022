import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pull } from '../support/media.js';
import { RedisServer } from '../support/redis-server.js';
import { MOVING_SCENE } from '../support/scenes.js';
import { Service, SMALL_STREAM } from '../support/service.js';
import { timelineOf } from '../support/stream-view.js';

let redis: RedisServer;
let service: Service;
before(async () => {
  redis = await RedisServer.start();
  service = await Service.start({ ...SMALL_STREAM, REDIS_URL: redis.url });
  await service.show(MOVING_SCENE);
  await service.must('POST', '/api/stream/start');
  await service.outputIsLive('program');
});
after(async () => {
  await service.close();
  await redis.close();
});

async function persistence(): Promise<string> {
  return (await service.status()).persistence.state;
}

test('a Redis that is killed and comes back costs no command and no frame', async () => {
  const player = pull(service.playUrl);
  try {
    await service.until('the player receives', () => player.bytes.length > 50_000);
    assert.equal(await persistence(), 'ok');
    await redis.kill();
    for (const value of ['first', 'second', 'third'])
      await service.must('PATCH', '/api/scenes/moving', { name: value });
    await service.until('it says so', async () => (await persistence()) === 'degraded');
    const { persistence: told, state } = await service.status();
    assert.match(told.reason ?? '', /Redis/);
    assert.equal(state, 'live');
    await service.must('PATCH', '/api/scenes/moving', { name: 'written while Redis was away' });

    await redis.start();
    await service.until('Redis is used again', async () => (await persistence()) === 'ok');
    const { revision } = await service.status();
    await service.until('the newest state is stored', async () => {
      return (await service.status()).persistence.storedRevision === revision;
    });
    const before = player.bytes.length;
    await service.until('the player goes on', () => player.bytes.length > before + 100_000);
    const { skipped } = await service.ledger();
    const { isForward, missing } = timelineOf(await player.packets(), 30);
    assert.ok(player.isRunning && isForward);
    assert.ok(missing <= skipped, `${missing} slots missing, ${skipped} skipped`);
  } finally {
    await player.stop();
  }
});

test('what was changed meanwhile is there after a restart from Redis alone', async () => {
  const { revision } = await service.status();
  await service.kill();
  // Another data folder: only what Redis holds can come back.
  await service.start({ DATA_DIR: `${service.folder}/other` });
  const { json } = await service.must('GET', '/api/scenes/moving');
  assert.equal(json['name'], 'written while Redis was away');
  const status = await service.status();
  assert.equal(status.revision, revision);
  assert.equal(status.state, 'live', 'and the stream is live again');
});
