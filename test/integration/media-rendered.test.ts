import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { PACKAGE_ROOT } from '../../src/core/paths.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { type Harness, startHarness } from '../api/harness.js';
import { DRAWING, makeGif, makeLottie } from '../support/moving-media.js';

const SIZE = { width: 320, height: 240 };
const FONTS = join(PACKAGE_ROOT, 'node_modules', '@fontsource', 'inter', 'files');

let api: Harness;
before(async () => {
  registerShippedFonts();
  api = await startHarness();
  await api.call('PATCH', '/api/config', { body: { resolution: '320x240' } });
  const upload = async (id: string, raw: Buffer): Promise<void> => {
    const headers = { 'content-type': 'application/octet-stream' };
    const created = await api.call('POST', `/api/assets?id=${id}`, { raw, headers });
    assert.equal(created.status, 201, created.text);
  };
  await upload('drawing', Buffer.from(DRAWING));
  await upload('film', await makeGif([100, 100, 100, 100, 100, 100]));
  await upload('square', makeLottie());
  await upload('black', await readFile(join(FONTS, 'inter-latin-900-normal.woff2')));
});
after(() => api.close());

/** The luma of a program frame. */
async function lumaOf(sceneId: string, timeMs: number): Promise<Buffer> {
  const address = `${api.origin}/api/scenes/${sceneId}/render?timeMs=${timeMs}&format=raw`;
  const reply = await request(address);
  const bytes = Buffer.from(await reply.body.arrayBuffer());
  assert.equal(reply.statusCode, 200, bytes.toString());
  return bytes.subarray(0, SIZE.width * SIZE.height);
}

async function createScene(id: string, layer: Record<string, unknown>): Promise<void> {
  const scene = { id, ...SIZE, layers: [{ id: 'layer', ...layer }] };
  const created = await api.call('POST', '/api/scenes', { body: scene });
  assert.equal(created.status, 201, created.text);
}

/** How much of a frame is bright. */
function brightOf(luma: Buffer): number {
  return luma.filter((value) => value > 120).length;
}

test('a drawing, a film and an animation that were uploaded are in the picture', async () => {
  await createScene('drawing', { type: 'image', asset: 'drawing', ...SIZE });
  const drawing = await lumaOf('drawing', 0);
  const white = drawing[14 * 4 * SIZE.width + 62 * 4] ?? 0;
  assert.ok(white > 220, `the disc of the drawing is white: ${white}`);

  await createScene('film', { type: 'image', asset: 'film' });
  const [first, again, later] = await Promise.all([0, 600, 300].map((ms) => lumaOf('film', ms)));
  assert.deepEqual(again, first);
  assert.notDeepEqual(later, first);

  await createScene('square', { type: 'lottie', asset: 'square' });
  const [start, loop, middle] = await Promise.all(
    [0, 2000, 1000].map((ms) => lumaOf('square', ms)),
  );
  assert.deepEqual(loop, start);
  assert.notDeepEqual(middle, start);
});

test('a text is set in an uploaded font', async () => {
  const text = { type: 'text', text: 'HHHH', fontSize: 40, fontWeight: 900 };
  await createScene('uploaded', { ...text, fontFamily: 'asset:black' });
  await createScene('shipped', { ...text, fontFamily: 'Inter' });
  await createScene('thin', { ...text, fontFamily: 'Inter', fontWeight: 100 });
  const [uploaded, shipped, thin] = await Promise.all(
    ['uploaded', 'shipped', 'thin'].map(async (id) => brightOf(await lumaOf(id, 0))),
  );
  assert.ok(uploaded !== undefined && shipped !== undefined && thin !== undefined);
  assert.ok(uploaded > thin * 2, `${uploaded} bright pixels, thin has ${thin}`);
  assert.ok(
    Math.abs(uploaded - shipped) <= shipped * 0.02,
    'it is the same font as the shipped one',
  );
});
