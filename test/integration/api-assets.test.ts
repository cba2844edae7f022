import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { type Harness, startHarness } from '../api/harness.js';
import { DRAWING, makeGif, makeLottie } from '../support/moving-media.js';

let api: Harness;
let picture: Buffer;
before(async () => {
  api = await startHarness();
  picture = await sharp(randomBytes(1200 * 1200 * 3), {
    raw: { width: 1200, height: 1200, channels: 3 },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();
});
after(() => api.close());

const PNG = { 'content-type': 'image/png' };

test('takes the bytes of a picture and gives them back', async () => {
  const created = await api.call('POST', '/api/assets?id=noise&name=Noise', {
    raw: picture,
    headers: PNG,
  });
  assert.equal(created.status, 201, created.text);
  assert.equal(created.headers['location'], '/api/assets/noise');
  assert.equal(created.json['width'], 1200);
  const hash = createHash('sha256').update(picture).digest('hex');
  assert.equal(created.json['contentHash'], hash);

  const response = await fetch(`${api.origin}/api/assets/noise/content`);
  assert.equal(response.headers.get('content-type'), 'image/png');
  assert.equal(response.headers.get('etag'), `"${hash}"`);
  assert.ok(picture.equals(Buffer.from(await response.arrayBuffer())));

  const known = await api.call('GET', '/api/assets/noise/content', {
    headers: { 'if-none-match': `"other", "${hash}"` },
  });
  assert.equal(known.status, 304);
  const head = await api.call('HEAD', '/api/assets/noise/content');
  assert.equal(head.headers['content-length'], String(picture.length));
});

test('gives a picture to a client that reads slowly, whole', async () => {
  const socket = connect(api.port, '127.0.0.1');
  socket.write('GET /api/assets/noise/content HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  const chunks: Buffer[] = [];
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    received += chunk.length;
    if (chunks.length % 8 === 0) {
      socket.pause();
      setTimeout(() => socket.resume(), 2);
    }
  });
  while (received < picture.length) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
  const all = Buffer.concat(chunks);
  const body = all.subarray(all.indexOf('\r\n\r\n') + 4);
  assert.ok(picture.equals(body), `${body.length} of ${picture.length} bytes`);
});

test('lets go of a file when its reader goes away', async () => {
  for (let i = 0; i < 20; i++) {
    const socket = connect(api.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET /api/assets/noise/content HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
  }
  assert.equal((await api.call('GET', '/health')).status, 200);
});

test('refuses what is no picture, a cut one, and an address into the house', async () => {
  const text = await api.call('POST', '/api/assets', { raw: 'not a picture', headers: PNG });
  assert.ok([415, 422].includes(text.status), text.text);
  const cut = await api.call('POST', '/api/assets', {
    raw: picture.subarray(0, 5000),
    headers: { 'content-type': 'application/octet-stream' },
  });
  assert.equal(cut.status, 422, cut.text);
  const inside = await api.call('POST', '/api/assets', { body: { url: 'http://127.0.0.1:22/' } });
  assert.equal(inside.status, 422, inside.text);
  assert.equal(inside.json['code'], 'SM_ASSET_ADDRESS');
  const empty = await api.call('POST', '/api/assets', { headers: PNG });
  assert.ok(empty.status >= 400 && empty.status < 500, empty.text);
});

test('refuses an id that is taken, lists, and removes', async () => {
  const again = await api.call('POST', '/api/assets?id=noise', { raw: picture, headers: PNG });
  assert.equal(again.status, 409);
  assert.match((await api.call('GET', '/api/assets')).text, /"noise"/);
  assert.equal((await api.call('GET', '/api/assets/noise')).json['state'], 'ready');
  assert.equal((await api.call('DELETE', '/api/assets/noise')).status, 204);
  for (const path of ['/api/assets/noise', '/api/assets/noise/content']) {
    assert.equal((await api.call('GET', path)).json['code'], 'SM_ASSET_UNKNOWN');
  }
});

test('takes drawings, films, animations and fonts, and says what each is', async () => {
  const inter = join(PACKAGE_ROOT, 'node_modules', '@fontsource', 'inter', 'files');
  const uploads: [id: string, mediaType: string, bytes: Buffer, kind: string, answered: string][] =
    [
      ['drawing', 'image/svg+xml', Buffer.from(DRAWING), 'svg', 'image/svg+xml'],
      ['film', 'image/gif', await makeGif([50, 50, 50, 50, 50, 50]), 'film', 'image/gif'],
      ['lottie', 'video/lottie+json', makeLottie(), 'lottie', 'video/lottie+json'],
      ['bytes', 'application/octet-stream', makeLottie({ nm: 'b' }), 'lottie', 'video/lottie+json'],
      [
        'font',
        'font/woff2',
        await readFile(join(inter, 'inter-latin-600-normal.woff2')),
        'font',
        'font/woff2',
      ],
    ];
  for (const [id, mediaType, raw, kind, answered] of uploads) {
    const headers = { 'content-type': mediaType };
    const created = await api.call('POST', `/api/assets?id=${id}`, { raw, headers });
    assert.equal(created.status, 201, created.text);
    assert.equal(created.json['kind'], kind);
    const content = await fetch(`${api.origin}/api/assets/${id}/content`);
    assert.equal(content.headers.get('content-type'), answered);
    assert.match(content.headers.get('content-security-policy') ?? '', /sandbox/);
    assert.equal(content.headers.get('x-content-type-options'), 'nosniff');
  }
  const film = await api.call('GET', '/api/assets/film');
  assert.deepEqual(film.json['animation'], {
    frames: 6,
    durationMs: 300,
    plays: 0,
    reducedTo: null,
  });
  const font = await api.call('GET', '/api/assets/font');
  assert.match(JSON.stringify(font.json['font']), /"family":"Inter/);
});

test('refuses hostile drawings over HTTP, and gives back only what was cleaned', async () => {
  const svg = (inner: string): Buffer =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${inner}</svg>`);
  const headers = { 'content-type': 'image/svg+xml' };
  const xxe = Buffer.concat([
    Buffer.from('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    svg('<text>&x;</text>'),
  ]);
  const refused = await api.call('POST', '/api/assets', { raw: xxe, headers });
  assert.equal(refused.status, 422);
  assert.equal(refused.json['code'], 'SM_ASSET_BROKEN');
  const script = svg('<script>alert(1)</script><rect onclick="alert(2)" width="9" height="9"/>');
  await api.call('POST', '/api/assets?id=scripted', { raw: script, headers });
  const content = await fetch(`${api.origin}/api/assets/scripted/content`);
  assert.doesNotMatch(await content.text(), /alert|script/);
});

test('takes a Lottie animation that is sent as JSON, of any size, and keeps JSON an address otherwise', async () => {
  const headers = { 'content-type': 'application/json' };
  for (const [id, changes] of [
    ['lottie-json', {}],
    ['lottie-large', { nm: 'x'.repeat(1_500_000) }],
  ] as const) {
    const path = `/api/assets?id=${id}`;
    const answer = await api.call('POST', path, { raw: makeLottie(changes), headers });
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual([answer.json['id'], answer.json['kind']], [id, 'lottie']);
    assert.deepEqual(answer.json['notDrawn'], []);
  }
  const other = await api.call('POST', '/api/assets', {
    raw: Buffer.from('{"layers":1}'),
    headers,
  });
  assert.equal(other.json['code'], 'SM_REQUEST_INVALID', other.text);
});

test('a layer may show a Lottie animation and be told what it cannot do', async () => {
  const layer = { id: 'square', type: 'lottie', asset: 'lottie', segment: { from: 10 }, loop: 3 };
  const scene = { id: 'moving', layers: [layer] };
  const created = await api.call('POST', '/api/scenes', { body: scene });
  assert.equal(created.status, 201, created.text);
  for (const property of ['speed', 'segment.from', 'startMs']) {
    const animations = [{ property, keyframes: [{ atMs: 0, value: 1 }] }];
    const answer = await api.call('PATCH', '/api/scenes/moving/layers/square', {
      body: { animations },
    });
    assert.equal(answer.status, 422, property);
  }
  const used = await api.call('DELETE', '/api/assets/lottie');
  assert.equal(used.json['code'], 'SM_ASSET_IN_USE');
});
