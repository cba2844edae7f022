import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { WebSocket } from 'ws';
import { type Harness, startHarness } from './harness.js';
import { eventually } from '../support/until.js';

let api: Harness;
before(async () => {
  api = await startHarness({ limits: { previewViewers: 5, previewTiers: 2, previewStallMs: 400 } });
});
after(() => api.close());

type Screen = { readonly socket: WebSocket; readonly pictures: Buffer[]; close(): void };

async function look(query: string): Promise<Screen> {
  const socket = new WebSocket(`ws://127.0.0.1:${api.port}/ws/preview${query}`);
  const pictures: Buffer[] = [];
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) pictures.push(data);
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`refused with ${response.statusCode ?? 0}`));
      socket.terminate();
    });
    socket.on('error', reject);
  });
  return {
    socket,
    pictures,
    close: () => {
      socket.terminate();
    },
  };
}

const PICTURE = Buffer.alloc(200_000, 7);

test('brings each picture to everybody of a tier, and a picture at once to who joins', async () => {
  const first = await look('?width=600&fps=24&quality=70');
  assert.deepEqual(api.preview.tiers, [{ widthPx: 640, fps: 25, quality: 75 }]);
  assert.equal(api.preview.watchers, 1);
  const second = await look('?width=640&fps=25&quality=75');
  assert.equal(api.preview.tiers.length, 1, 'both are of one tier');
  api.preview.paint(PICTURE);
  await eventually(() => first.pictures.length === 1 && second.pictures.length === 1);
  assert.deepEqual(first.pictures[0], PICTURE);
  const third = await look('?width=640&fps=25&quality=75');
  await eventually(() => third.pictures.length === 1);
  assert.equal(api.metrics.viewers, 3);

  const small = await look('?width=160');
  assert.equal(api.preview.tiers.length, 2);
  await assert.rejects(look('?width=1920'), /503/, 'there are no more kinds than allowed');
  for (const screen of [first, second, third, small]) screen.close();
  await eventually(() => api.preview.watchers === 0);
  assert.deepEqual(api.preview.tiers, []);
});

test('refuses wishes that make no sense', async () => {
  for (const query of ['?width=0', '?width=x', '?fps=1000', '?quality=200', '?size=1']) {
    await assert.rejects(look(query), /422/, query);
  }
});

test('takes so many viewers and no more', async () => {
  const screens = await Promise.all(Array.from({ length: 5 }, () => look('')));
  await assert.rejects(look(''), /503/);
  for (const screen of screens) screen.close();
  await eventually(() => api.metrics.viewers === 0);
});

test('leaves out a viewer that is slow, counts it, cuts it off, and never slows the others', async () => {
  const slow = await look('');
  slow.socket.pause();
  const quick = await look('');
  const before = api.metrics.drops;
  let painted = 0;
  while (api.metrics.viewers === 2) {
    assert.ok(painted < 2000, 'the slow one should be gone by now');
    api.preview.paint(PICTURE);
    painted++;
    await eventually(() => quick.pictures.length === painted);
  }
  assert.ok(api.metrics.drops > before);
  assert.equal(quick.socket.readyState, WebSocket.OPEN);
  slow.close();
  quick.close();
  await eventually(() => api.metrics.viewers === 0);
});

test('sends single pictures, and keeps the program awake for a moment', async () => {
  const reply = await api.call('GET', '/api/preview.jpg?width=300&quality=60');
  assert.equal(reply.status, 200);
  assert.equal(reply.headers['content-type'], 'image/jpeg');
  assert.equal(reply.text, 'jpeg 320 65');
  assert.equal(api.preview.watchers, 1);
});

test('streams pictures to an <img>', async () => {
  const response = await request(`${api.origin}/api/preview.mjpeg?width=160`);
  assert.match(String(response.headers['content-type']), /^multipart\/x-mixed-replace; boundary=/);
  let heard = '';
  response.body.on('data', (data: Buffer) => {
    heard += data.toString('latin1');
  });
  response.body.on('error', () => undefined);
  for (let i = 0; i < 3; i++) {
    api.preview.paint(Buffer.from(`<picture ${i}>`));
    await eventually(() => heard.includes(`<picture ${i}>`));
  }
  assert.match(
    heard,
    /^--picture\r\nContent-Type: image\/jpeg\r\nContent-Length: 11\r\n\r\n<picture 0>\r\n--picture\r\n/,
  );
  response.body.destroy();
  await eventually(() => api.metrics.viewers === 0);
});

test('leaves out an <img> that does not read, with bounded memory', async () => {
  const socket = connect(api.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET /api/preview.mjpeg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await eventually(() => api.metrics.viewers === 1);
  socket.pause();
  const before = api.metrics.drops;
  for (let i = 0; i < 400; i++) api.preview.paint(PICTURE);
  assert.ok(api.metrics.drops > before + 100);
  await eventually(() => {
    api.preview.paint(PICTURE);
    return api.metrics.viewers === 0;
  });
  socket.destroy();
});

test('shows the scene in preview to who asks for it, and to nobody else', async () => {
  const empty = await api.call('GET', '/api/preview/scene.jpg');
  assert.equal(empty.status, 409);
  assert.equal(empty.textOf('code'), 'SM_PREVIEW_EMPTY');
  await api.call('POST', '/api/scenes', { body: { id: 'next' } });
  await api.call('POST', '/api/preview', { body: { sceneId: 'next' } });
  const picture = await api.call('GET', '/api/preview/scene.jpg?width=200&quality=50');
  assert.equal(picture.text, 'jpeg 240 50');
  assert.deepEqual(api.previewCompositor.grabs, [{ widthPx: 240, quality: 50 }]);

  const program = await look('?width=640');
  const preview = await look('?width=640&source=preview');
  assert.equal(api.metrics.viewers, 2);
  api.previewCompositor.paint(Buffer.from('unseen'));
  await eventually(() => preview.pictures.length === 1);
  api.preview.paint(Buffer.from('on air'));
  await eventually(() => program.pictures.length === 1);
  assert.deepEqual([program.pictures, preview.pictures].map(String), ['on air', 'unseen']);
  await assert.rejects(look('?source=multiview'), /422/);

  const stream = await request(`${api.origin}/api/preview/scene.mjpeg?width=160`);
  let heard = '';
  stream.body.on('data', (data: Buffer) => {
    heard += data.toString('latin1');
  });
  stream.body.on('error', () => undefined);
  await eventually(() => api.previewCompositor.tiers.length === 2);
  api.previewCompositor.paint(Buffer.from('<moving>'));
  await eventually(() => heard.includes('<moving>'));
  assert.equal(program.pictures.length, 1);
  stream.body.destroy();
  program.close();
  preview.close();
  await eventually(() => api.metrics.viewers === 0);
  assert.deepEqual(api.previewCompositor.tiers, []);
});
