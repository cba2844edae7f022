import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { checkLottie, LOTTIE_LIMITS, parseLottie } from '../../src/vector/lottie/check.js';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import { makeLottie } from '../support/moving-media.js';
import { makePng, openFixture, type Fixture } from './fixture.js';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

function refused(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

function checked(bytes: Buffer): unknown {
  return checkLottie(parseLottie(bytes));
}

test('takes a Lottie animation in and says how long it is', async () => {
  const asset = await fixture.assets.upload({ id: 'square', name: '', bytes: makeLottie() });
  assert.equal(asset.kind, 'lottie');
  assert.equal(asset.mediaType, 'video/lottie+json');
  assert.deepEqual([asset.width, asset.height], [200, 100]);
  assert.deepEqual(asset.animation, { frames: 60, durationMs: 2000, plays: 0, reducedTo: null });
  assert.deepEqual(fixture.assets.pictureSourceOf(asset)?.lottie, { frames: 60, frameRate: 30 });
});

test('refuses JSON that is no animation, with what is wrong', async () => {
  const wrong: [Buffer, ErrorCode, RegExp][] = [
    [Buffer.from('{"hello": 1}'), 'SM_ASSET_FORMAT', /Supported formats are PNG/],
    [Buffer.from('{"layers": ['), 'SM_ASSET_BROKEN', /not valid JSON/],
    [Buffer.from('{"layers": []}'), 'SM_ASSET_BROKEN', /fr:/],
    [makeLottie({ fr: 0 }), 'SM_ASSET_BROKEN', /fr:/],
    [makeLottie({ op: 0 }), 'SM_ASSET_BROKEN', /ends before it begins/],
    [makeLottie({ op: 1e9 }), 'SM_ASSET_TOO_LARGE', /frames/],
    [makeLottie({ w: 100_000 }), 'SM_ASSET_BROKEN', /w:/],
    [makeLottie({ layers: [] }), 'SM_ASSET_BROKEN', /layers:/],
  ];
  for (const [bytes, code, message] of wrong)
    await assert.rejects(
      fixture.assets.upload({ id: null, name: '', bytes }),
      refused(code, message),
    );
});

test('pictures that stand in an animation are taken whatever else is said of them, others are left out and told', async () => {
  const inside = await makePng(4, 4);
  const address = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;
  const picture = (u: string, p: string): Buffer =>
    makeLottie({ assets: [{ id: 'i', w: 4, h: 4, u, p, e: 0 }] });
  const svg = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')}`;
  for (const [u, p] of [
    ['', address(inside)],
    ['images/', address(inside)],
    ['', address(inside).replace('image/png', 'image/PNG;charset=utf-8')],
    ['', svg],
  ] as const) {
    const asset = await fixture.assets.upload({ id: null, name: '', bytes: picture(u, p) });
    assert.deepEqual(asset.notDrawn, [], p.slice(0, 40));
  }
  for (const [u, p] of [
    ['', '/etc/passwd'],
    ['images/', 'a.png'],
    ['http://evil/', 'a.png'],
    ['', 'data:text/html,evil'],
  ] as const) {
    const asset = await fixture.assets.upload({ id: null, name: '', bytes: picture(u, p) });
    assert.match(asset.notDrawn.join(), /separate files|text\/html/, p);
    const source = fixture.assets.pictureSourceOf(asset);
    assert.ok(source !== null);
    assert.doesNotMatch(await readFile(source.path, 'utf8'), /passwd|a\.png|evil/);
  }
  const bomb = Buffer.from(inside);
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  await assert.rejects(
    fixture.assets.upload({ id: null, name: '', bytes: picture('', address(bomb)) }),
    (error: unknown) => error instanceof AppError,
  );
});

test('expressions, sound and slots are named in the answer', async () => {
  const base = JSON.parse(makeLottie().toString()) as { layers: { ks: object }[] };
  const [square = { ks: {} }] = base.layers;
  const layers = [
    { ...square, ks: { ...square.ks, r: { a: 0, k: 0, x: 'var $bm_rt = time;' } } },
    { ty: 6, refId: 'a', ip: 0, op: 60, st: 0 },
    { ...square, ks: { ...square.ks, o: { sid: 'opacity', a: 0, k: 100 } } },
  ];
  const asset = await fixture.assets.upload({ id: null, name: '', bytes: makeLottie({ layers }) });
  assert.deepEqual(asset.notDrawn.map((what) => what.split(':')[0]).sort(), [
    'expressions',
    'slots',
    'sound',
  ]);
});

test('refuses animations that would keep a thread for minutes: nested copies and compositions', () => {
  const repeater = { ty: 'rp', c: { a: 0, k: 500 } };
  const dot = { ty: 'el' };
  const layer = (shapes: unknown[]): unknown => ({ ty: 4, shapes });
  assert.doesNotThrow(() => checked(makeLottie({ layers: [layer([dot, repeater])] })));
  for (const shapes of [
    [dot, repeater, repeater, repeater],
    [{ ty: 'gr', it: [dot, repeater] }, repeater],
    [
      dot,
      {
        ty: 'rp',
        c: {
          a: 1,
          k: [
            { t: 0, s: [1] },
            { t: 9, s: [1e9] },
          ],
        },
      },
    ],
  ]) {
    assert.throws(
      () => checked(makeLottie({ layers: [layer(shapes)] })),
      refused('SM_ASSET_TOO_LARGE', /copies/),
    );
  }
  const composition = (id: string, refId: string): unknown => ({
    id,
    layers: Array.from({ length: 10 }, () => ({ ty: 0, refId })),
  });
  const layers = [{ ty: 0, refId: 'a' }];
  const nested = [
    composition('a', 'b'),
    composition('b', 'c'),
    composition('c', 'd'),
    composition('d', 'e'),
  ];
  const leaf = { id: 'e', layers: [layer([dot, dot])] };
  assert.throws(
    () => checked(makeLottie({ layers, assets: [...nested, leaf] })),
    refused('SM_ASSET_TOO_LARGE', /shapes/),
  );
  assert.throws(
    () => checked(makeLottie({ layers, assets: [composition('a', 'a')] })),
    refused('SM_ASSET_BROKEN', /contains itself/),
  );
});

test('refuses files that are too large or nested too deep', () => {
  const long = makeLottie({ nm: 'x'.repeat(LOTTIE_LIMITS.bytes) });
  assert.throws(() => checked(long), refused('SM_ASSET_TOO_LARGE', /bytes/));
  const deep = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as unknown;
  assert.throws(() => checked(makeLottie({ x: deep })), refused('SM_ASSET_TOO_LARGE', /deep/));
});
