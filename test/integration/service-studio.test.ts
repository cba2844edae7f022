import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { createCanvas } from '../../src/render/canvas.js';
import { MOVING_SCENE } from '../support/scenes.js';
import { Service, SMALL_STREAM } from '../support/service.js';

/** A busy machine may cost a frame by itself, and be late with a picture. */
const TRIES = 4;

let service: Service;
before(async () => {
  service = await Service.start(SMALL_STREAM);
  await service.show({ ...MOVING_SCENE, id: 'show' });
  await service.must('POST', '/api/scenes', { id: 'next', background: '#c02040' });
  await service.must('POST', '/api/stream/start');
});
after(() => service.close());

async function meanRgb(picture: Uint8Array): Promise<number[]> {
  const { channels } = await sharp(picture).stats();
  return channels.slice(0, 3).map(({ mean }) => Math.round(mean));
}

function isNear(found: readonly number[], wanted: readonly number[]): boolean {
  return wanted.every((value, i) => Math.abs(value - (found[i] ?? -99)) <= 4);
}

/** What is in preview. A machine that is too busy to draw it in time says so; what it shows is right. */
async function look(): Promise<number[]> {
  for (let tries = 0; ; tries++) {
    const { status, bytes } = await service.api('GET', '/api/preview/scene.jpg?width=320');
    if (status === 200) return meanRgb(bytes);
    assert.equal(status, 503);
    assert.ok(tries < TRIES);
  }
}

async function costOf(work: () => Promise<void>): Promise<number> {
  const before = await service.ledger();
  await work();
  const after = await service.ledger();
  return after.late + after.skipped - before.late - before.skipped;
}

test('a scene is got ready unseen, is taken on air, and the program loses no frame by it', async () => {
  for (let round = 0; ; round++) {
    const lost = await costOf(async () => {
      await service.must('POST', '/api/preview', { sceneId: 'next' });
      const socket = new WebSocket(
        `ws://127.0.0.1:${service.apiPort}/ws/preview?source=preview&width=320`,
      );
      let pictures = 0;
      socket.on('message', () => pictures++);
      await service.until('the viewer sees the scene', () => pictures > 0);
      await service.must('PATCH', '/api/scenes/preview', { background: '#20c040' });
      assert.ok(isNear(await look(), [32, 192, 64]));
      assert.equal((await service.status()).scene?.id, 'show');
      await service.must('PATCH', '/api/scenes/preview', { background: '#c02040' });
      assert.ok(isNear(await look(), [192, 32, 64]));
      socket.terminate();
    });
    if (lost === 0) break;
    assert.ok(round + 1 < TRIES, `${lost} frames were lost`);
  }
  await service.must('POST', '/api/program/take');
  assert.equal((await service.status()).scene?.id, 'next');
  await service.until('the scene is on air', async () => {
    const { bytes } = await service.must('GET', '/api/preview.jpg?width=320');
    return isNear(await meanRgb(bytes), [192, 32, 64]);
  });
  const { json } = await service.must('GET', '/api/preview');
  assert.equal(json['sceneId'], 'show');
  await service.must('POST', '/api/program/take');
});

test('what is in preview is there again after a restart', async () => {
  await service.kill();
  await service.start();
  const { json } = await service.must('GET', '/api/preview');
  assert.equal(json['sceneId'], 'next');
  assert.ok(isNear(await look(), [192, 32, 64]));
});

/** Three times the limit of one request. */
const FIRST_STILL_MS = 45_000;

test('a frame is rendered with its pictures, while the stream goes on and when it is off', async () => {
  const canvas = createCanvas(64, 64);
  const context = canvas.getContext('2d');
  context.fillStyle = '#20c0c0';
  context.fillRect(0, 0, 64, 64);
  await service.must('POST', '/api/assets?id=blue', await canvas.encode('png'));
  await service.must('POST', '/api/scenes', {
    id: 'picture',
    layers: [{ id: 'p', type: 'image', asset: 'blue', width: 1920, height: 1080 }],
  });
  const address = '/api/scenes/picture/render?frame=10&format=raw';
  // The first one starts a thread, which a busy machine may take longer over than anybody should wait.
  await service.until(
    'a frame is rendered',
    async () => (await service.api('GET', address)).status === 200,
    FIRST_STILL_MS,
  );
  const live = await service.must('GET', address);
  assert.equal(live.bytes.length, (640 * 360 * 3) / 2);
  const png = await service.must('GET', '/api/scenes/picture/render?frame=10');
  assert.ok(isNear(await meanRgb(png.bytes), [32, 192, 192]));
  await service.must('POST', '/api/stream/stop');
  assert.deepEqual((await service.must('GET', address)).bytes, live.bytes);
});
