import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { AppError } from '../../src/core/errors.js';
import { createCanvas, readLottie } from '../../src/render/canvas.js';
import type { Asset } from '../../src/state/model.js';
import { makeLottie } from '../support/moving-media.js';
import { makePng, openFixture, type Fixture } from './fixture.js';

const SIZE = { width: 300, height: 80 } as const;

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

function still(k: unknown): { a: 0; k: unknown } {
  return { a: 0, k };
}

type TextOptions = {
  readonly family?: string;
  readonly style?: string;
  readonly document?: Record<string, unknown>;
  readonly animators?: readonly unknown[];
};

/** An animation that shows a text. */
function lottieText(text: string, options: TextOptions = {}): Buffer {
  const { family = 'Arial', style = 'Regular', document = {}, animators = [] } = options;
  const ks = {
    o: still(100),
    r: still(0),
    p: still([10, 50, 0]),
    a: still([0, 0, 0]),
    s: still([100, 100, 100]),
  };
  const s = { s: 32, f: 'F', t: text, j: 0, tr: 0, lh: 38, ls: 0, fc: [0, 0, 0], ...document };
  const layer = {
    ddd: 0,
    ind: 1,
    ty: 5,
    sr: 1,
    ao: 0,
    ip: 0,
    op: 60,
    st: 0,
    bm: 0,
    ks,
    t: { d: { k: [{ s, t: 0 }] }, p: {}, m: { g: 1, a: still([0, 0]) }, a: animators },
  };
  const fonts = { list: [{ fName: 'F', fFamily: family, fStyle: style, ascent: 75 }] };
  return makeLottie({ w: SIZE.width, h: SIZE.height, layers: [layer], fonts });
}

function upload(bytes: Buffer): Promise<Asset> {
  return fixture.assets.upload({ id: null, name: '', bytes });
}

/** What is painted of the first frame: R G B A, premultiplied. */
async function painted(asset: Asset): Promise<Buffer> {
  const source = fixture.assets.pictureSourceOf(asset);
  assert.ok(source !== null);
  const animation = readLottie(await readFile(source.path));
  const canvas = createCanvas(SIZE.width, SIZE.height);
  animation.seekFrame(0);
  animation.render(canvas.getContext('2d'), { x: 0, y: 0, ...SIZE });
  return Buffer.from(canvas.data());
}

async function paintedText(text: string, options: TextOptions = {}): Promise<Buffer> {
  return painted(await upload(lottieText(text, options)));
}

function columnsOf(rgba: Buffer): number[] {
  return Array.from({ length: SIZE.width }, (_, x) => x).filter((x) =>
    Array.from({ length: SIZE.height }, (_, y) => y).some(
      (y) => (rgba[(y * SIZE.width + x) * 4 + 3] ?? 0) > 0,
    ),
  );
}

test('text in animations is set in the shipped font where none is there that it names', async () => {
  const plain = await paintedText('Hä 12', { family: 'No Such Font' });
  assert.ok(columnsOf(plain).length > 40);
  assert.deepEqual(await paintedText('Hä 12', { family: 'Inter' }), plain);
  const bold = await paintedText('Hä 12', { family: 'Inter', style: 'Bold' });
  assert.ok(columnsOf(bold).length > columnsOf(plain).length);
});

test('emoji, accents and joined letters in animations are no boxes', async () => {
  const asset = await upload(lottieText('łż 😀 Жук', { family: 'Inter' }));
  assert.deepEqual([asset.notDrawn, asset.fontFamilies], [[], ['Inter']]);
  const rgba = await painted(asset);
  let colored = 0;
  for (let i = 0; i < rgba.length; i += 4)
    if (Math.max(...rgba.subarray(i, i + 3)) > 100) colored += 1;
  assert.ok(colored > 200, `${colored} pixels are coloured`);
});

test('text from right to left is set in its order, and broken where its box ends', async () => {
  const hebrew = /[\u0590-\u05ff]/u;
  const asset = await upload(
    lottieText('שלום עולם', { document: { sz: [90, 80], ps: [0, -40], j: 1 } }),
  );
  if (asset.notDrawn.length > 0) {
    // No font of the machine has Hebrew, and none is shipped.
    assert.match(asset.notDrawn.join(), hebrew);
    return;
  }
  const source = fixture.assets.pictureSourceOf(asset);
  assert.ok(source !== null);
  assert.doesNotMatch(await readFile(source.path, 'utf8'), hebrew);
});

test('animators of letters move the letters', async () => {
  const animators = [
    {
      s: { t: 0, b: 1, rn: 0, sh: 1, a: still(100), s: still(0), e: still(50), r: 1 },
      a: { o: still(0) },
    },
  ];
  const all = columnsOf(await paintedText('abcdefgh', { family: 'Inter' }));
  const half = columnsOf(await paintedText('abcdefgh', { family: 'Inter', animators }));
  assert.ok((half[0] ?? 0) > (all[0] ?? 0) + 30 && half.at(-1) === all.at(-1));
});

test('takes .lottie archives of both versions, with their pictures, and tells what more is in them', async () => {
  const png = await makePng(4, 4, '#00aa00');
  const image = { ddd: 0, ind: 1, ty: 2, refId: 'i', sr: 1, ip: 0, op: 60, st: 0, bm: 0 };
  const ks = {
    o: still(100),
    r: still(0),
    p: still([0, 0, 0]),
    a: still([0, 0, 0]),
    s: still([10_000, 10_000, 100]),
  };
  const animation = makeLottie({
    w: SIZE.width,
    h: SIZE.height,
    assets: [{ id: 'i', w: 4, h: 4, u: 'images/', p: 'a.png', e: 0 }],
    layers: [{ ...image, ks }],
  });
  const first = zipSync({
    'manifest.json': strToU8(JSON.stringify({ version: '1.0', animations: [{ id: 'x' }] })),
    animations: { 'x.json': animation },
    images: { 'a.png': png },
  });
  const second = zipSync({
    'manifest.json': strToU8(
      JSON.stringify({
        version: '2',
        animations: [{ id: 'w' }, { id: 'x' }],
        initial: { animation: 'x' },
      }),
    ),
    a: { 'x.json': animation },
    i: { 'a.png': png },
  });
  for (const [archive, more] of [
    [first, []],
    [second, ['1 more animations of the archive']],
  ] as const) {
    const asset = await upload(Buffer.from(archive));
    assert.deepEqual([asset.kind, asset.mediaType], ['lottie', 'application/zip+dotlottie']);
    assert.deepEqual(asset.notDrawn, more);
    assert.deepEqual([...(await painted(asset)).subarray(0, 4)], [0, 170, 0, 255]);
  }
});

test('archives that are no .lottie, damaged or bombs are refused with a reason', async () => {
  const zip = (files: Record<string, Uint8Array>): Buffer => Buffer.from(zipSync(files));
  const manifest = strToU8(JSON.stringify({ animations: [{ id: 'x' }] }));
  const wrong: [Buffer, string, RegExp][] = [
    [zip({ 'a.txt': strToU8('x') }), 'SM_ASSET_FORMAT', /no manifest\.json/],
    [zip({ 'manifest.json': strToU8('{') }), 'SM_ASSET_BROKEN', /not valid JSON/],
    [zip({ 'manifest.json': manifest }), 'SM_ASSET_BROKEN', /not in the archive/],
    [zip({ 'manifest.json': strToU8('{}') }), 'SM_ASSET_BROKEN', /names no animation/],
    [
      zip({ 'manifest.json': manifest, 'a/x.json': new Uint8Array(41_000_000) }),
      'SM_ASSET_TOO_LARGE',
      /archive/,
    ],
    [zip({ 'manifest.json': manifest }).subarray(0, 60), 'SM_ASSET_BROKEN', /damaged/],
  ];
  for (const [bytes, code, message] of wrong) {
    await assert.rejects(upload(bytes), (error: unknown) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
  }
});
