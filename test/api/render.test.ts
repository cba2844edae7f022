import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { request } from 'undici';
import { type Harness, startHarness } from './harness.js';

const SIZE = { width: 320, height: 180 };

let api: Harness;
before(async () => {
  api = await startHarness();
  await api.call('PATCH', '/api/config', { body: { resolution: '320x180', fps: 50 } });
  await api.call('POST', '/api/scenes', {
    body: {
      id: 'moving',
      ...SIZE,
      background: '#204060',
      layers: [
        { id: 'clock', type: 'clock', format: 'HH:mm:ss', fontSize: 40, x: 20, y: 100 },
        {
          id: 'box',
          type: 'shape',
          shape: 'rectangle',
          width: 60,
          height: 60,
          animations: [
            {
              property: 'x',
              keyframes: [
                { atMs: 0, value: 0 },
                { atMs: 1000, value: 200 },
              ],
            },
          ],
        },
      ],
    },
  });
});
after(() => api.close());

type Picture = {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly bytes: Buffer;
};

async function render(query: string, headers: Record<string, string> = {}): Promise<Picture> {
  const address = `${api.origin}/api/scenes/moving/render${query}`;
  const reply = await request(address, { headers });
  const bytes = Buffer.from(await reply.body.arrayBuffer());
  return { status: reply.statusCode, headers: reply.headers, bytes };
}

test('gives the bytes of the program frame, with their hash', async () => {
  const { status, headers, bytes } = await render('?timeMs=400&format=raw');
  assert.equal(status, 200, bytes.toString());
  assert.equal(headers['content-type'], 'application/octet-stream');
  assert.equal(bytes.length, (SIZE.width * SIZE.height * 3) / 2);
  const hash = createHash('sha256').update(bytes).digest('hex');
  assert.equal(headers['x-frame-hash'], `sha-256=${hash}`);
  assert.equal(headers['etag'], `"${hash}"`);
});

test('gives the same frame by its number, and another at another time', async () => {
  const byTime = await render('?timeMs=400&format=raw');
  const byNumber = await render('?frame=20&format=raw');
  assert.deepEqual(byNumber.bytes, byTime.bytes);
  const other = await render('?frame=21&format=raw');
  assert.notDeepEqual(other.bytes, byTime.bytes);
});

test('gives pictures of the size of the stream or smaller, of the same frame', async () => {
  const raw = await render('?timeMs=400&format=raw');
  const cases = [
    ['?timeMs=400', 'png', 320, 180],
    ['?timeMs=400&format=jpeg&quality=70', 'jpeg', 320, 180],
    ['?timeMs=400&format=png&width=160', 'png', 160, 90],
    ['?timeMs=400&format=jpeg&width=1000', 'jpeg', 320, 180],
  ] as const;
  for (const [query, format, width, height] of cases) {
    const { headers, bytes } = await render(query);
    const found = await sharp(bytes).metadata();
    assert.deepEqual([found.format, found.width, found.height], [format, width, height], query);
    assert.equal(headers['content-type'], `image/${format}`);
    assert.equal(headers['x-frame-hash'], raw.headers['x-frame-hash'], query);
  }
  const { data } = await sharp((await render('?timeMs=400')).bytes)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [r = 0, g = 0, b = 0] = data.subarray(-3);
  assert.ok(
    [r - 0x20, g - 0x40, b - 0x60].every((off) => Math.abs(off) <= 3),
    `${r} ${g} ${b}`,
  );
});

test('answers without a body to who has the frame already', async () => {
  const { headers } = await render('?frame=3');
  const again = await render('?frame=3', { 'if-none-match': String(headers['etag']) });
  assert.equal(again.status, 304);
  assert.equal(again.bytes.length, 0);
});

test('lets clocks show the wall time that is asked for, a fixed one by default', async () => {
  const plain = await render('?timeMs=500&format=raw');
  const same = await render('?timeMs=500&format=raw&wallTime=2000-01-01T00:00:00.500Z');
  assert.deepEqual(same.bytes, plain.bytes);
  const other = await render('?timeMs=500&format=raw&wallTime=2026-05-01T22:10:00%2B02:00');
  assert.notDeepEqual(other.bytes, plain.bytes);
});

test('lets clocks of a scene on air go on from the moment at which it went there', async () => {
  const activated = await api.call('POST', '/api/scenes/moving/activate');
  const wallTime = new Date(Number(activated.json['takenAtMs']) + 250).toISOString();
  const program = await request(`${api.origin}/api/scenes/program/render?timeMs=250&format=raw`);
  const bytes = Buffer.from(await program.body.arrayBuffer());
  const given = await render(`?timeMs=250&format=raw&wallTime=${wallTime}`);
  assert.deepEqual(bytes, given.bytes);
});

test('refuses what makes no sense', async () => {
  const queries = [
    ['?frame=1&timeMs=2', '/frame'],
    ['?frame=1.5', '/frame'],
    ['?frame=-1', '/frame'],
    ['?timeMs=x', '/timeMs'],
    ['?format=gif', '/format'],
    ['?format=raw&width=100', '/width'],
    ['?quality=50', '/quality'],
    ['?wallTime=noon', '/wallTime'],
    ['?size=1', '/size'],
  ] as const;
  for (const [query, path] of queries) {
    const reply = await api.call('GET', `/api/scenes/moving/render${query}`);
    assert.equal(reply.status, 422, query);
    assert.ok(reply.text.includes(`"${path}"`), `${query}: ${reply.text}`);
  }
  const unknown = await api.call('GET', '/api/scenes/no/render');
  assert.equal(unknown.textOf('code'), 'SM_SCENE_UNKNOWN');
});
