import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { ASSET_JOBS } from '../../src/assets/decode-jobs.js';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import { pixelsWanted } from '../support/pixels-wanted.js';
import { makeJpeg, makePng, openFixture, sceneCommand, type Fixture } from './fixture.js';
import { forgePng } from './png.js';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

function upload(
  bytes: Uint8Array,
  id: string | null = null,
): ReturnType<Fixture['assets']['upload']> {
  return fixture.assets.upload({ id, name: 'a picture', bytes });
}

function withCode(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

/** The most memory that this process has ever had. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

async function leftovers(): Promise<string[]> {
  return readdir(join(fixture.folder, 'tmp'));
}

test('stores a picture under the hash of its content and says what it is', async () => {
  const bytes = await makePng(40, 30);
  const asset = await upload(bytes, 'logo');
  const hash = createHash('sha256').update(bytes).digest('hex');
  assert.equal(asset.state, 'ready');
  assert.equal(asset.contentHash, hash);
  assert.equal(asset.mediaType, 'image/png');
  assert.deepEqual([asset.width, asset.height, asset.bytes], [40, 30, bytes.length]);
  const content = await fixture.assets.content('logo');
  assert.deepEqual(await readFile(content.path), bytes);
  assert.deepEqual(fixture.assets.pictureSourceOf(asset), {
    contentHash: hash,
    path: content.path,
    width: 40,
    height: 30,
  });
  assert.deepEqual(await leftovers(), []);
});

test('takes every format that the painter decodes', async () => {
  const picture = sharp({ create: { width: 32, height: 16, channels: 3, background: '#0af' } });
  for (const format of ['png', 'jpeg', 'webp', 'gif', 'avif'] as const) {
    const asset = await upload(await picture.clone().toFormat(format).toBuffer());
    const { path } = await fixture.assets.content(asset.id);
    const intoPath = join(fixture.folder, `${format}.rgba`);
    const wanted = pixelsWanted(path, { width: 32, height: 16 });
    await ASSET_JOBS.writePixels({ ...wanted, intoPath });
    assert.equal((await readFile(intoPath)).length, 32 * 16 * 4, format);
    await rm(intoPath);
  }
});

test('refuses a second asset of the same id, also while the first is being taken in', async () => {
  const bytes = await makePng(8, 8);
  const both = await Promise.allSettled([upload(bytes, 'twin'), upload(bytes, 'twin')]);
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  await assert.rejects(upload(bytes, 'twin'), withCode('SM_ASSET_EXISTS', /twin/));
});

test('refuses what is no picture, whatever it is called', async () => {
  await assert.rejects(upload(Buffer.from('<svg><g>')), withCode('SM_ASSET_BROKEN', /well-formed/));
  await assert.rejects(
    upload(Buffer.from('<html/>')),
    withCode('SM_ASSET_FORMAT', /Supported formats are PNG/),
  );
  await assert.rejects(upload(Buffer.from('hello')), withCode('SM_ASSET_FORMAT', /not recognized/));
  await assert.rejects(upload(Buffer.alloc(0)), withCode('SM_ASSET_FORMAT', /empty/));
  await assert.rejects(
    upload(Buffer.from('%PDF-1.7\n')),
    withCode('SM_ASSET_FORMAT', /application\/pdf/),
  );
});

test('refuses pictures that are cut short or damaged', async () => {
  const jpeg = await makeJpeg(400, 300);
  const png = await sharp(jpeg).png().toBuffer();
  const webp = await sharp(jpeg).webp().toBuffer();
  const gif = await sharp(jpeg).gif().toBuffer();
  const avif = await sharp(jpeg).avif().toBuffer();
  for (const [name, bytes] of Object.entries({ jpeg, png, webp, gif, avif })) {
    for (const part of [0.3, 0.6, 0.95]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * part));
      await assert.rejects(upload(cut), withCode('SM_ASSET_BROKEN', /./), `${name} cut at ${part}`);
    }
  }
  const damaged = Buffer.from(png);
  damaged.fill(0x55, 2000, 2400);
  await assert.rejects(upload(damaged), withCode('SM_ASSET_BROKEN', /Save it again/));
  await assert.rejects(upload(png.subarray(0, 20)), withCode('SM_ASSET_BROKEN', /./));
  assert.deepEqual(await leftovers(), []);
});

test('refuses a small file that would fill the memory when decoded', async () => {
  const bomb = forgePng(30_000, 30_000, 30_000 * 3751);
  assert.ok(bomb.length < 200_000);
  await upload(await makePng(8, 8));
  const before = peakBytes();
  await assert.rejects(upload(bomb), withCode('SM_ASSET_TOO_LARGE', /30000x30000/));
  await assert.rejects(
    upload(forgePng(8000, 8000, 100)),
    withCode('SM_ASSET_TOO_LARGE', /40 million/),
  );
  await assert.rejects(upload(forgePng(8193, 1, 100)), withCode('SM_ASSET_TOO_LARGE', /8192/));
  assert.ok(peakBytes() - before < 60_000_000);
});

test('refuses heads that promise too much in any format', async () => {
  const jpeg = await makeJpeg(16, 16);
  // The frame header of a baseline JPEG: marker, length, precision, height, width.
  const frame = jpeg.indexOf(Buffer.from('ffc0', 'hex'));
  jpeg.writeUInt16BE(65_500, frame + 5);
  jpeg.writeUInt16BE(65_500, frame + 7);
  const gif = Buffer.from(
    '474946383961ffffffff800000000000ffffff2c00000000ffffffff0002024401003b',
    'hex',
  );
  const before = peakBytes();
  await assert.rejects(upload(jpeg), withCode('SM_ASSET_TOO_LARGE', /65500x65500/));
  await assert.rejects(upload(gif), withCode('SM_ASSET_TOO_LARGE', /65535x65535/));
  assert.ok(peakBytes() - before < 60_000_000);
});

test('is not fooled by a small head with much behind it', async () => {
  const bomb = forgePng(100, 100, 100_000_000);
  const before = peakBytes();
  await upload(bomb).catch((error: unknown) => {
    assert.ok(error instanceof AppError && error.code === 'SM_ASSET_BROKEN');
  });
  assert.ok(peakBytes() - before < 60_000_000);
});

test('refuses more bytes than are taken', async () => {
  await assert.rejects(upload(Buffer.alloc(5_000_001)), withCode('SM_ASSET_TOO_LARGE', /5000000/));
});

test('stands pictures from a telephone upright', async () => {
  const lying = await sharp({ create: { width: 60, height: 20, channels: 3, background: '#00f' } })
    .composite([
      {
        input: { create: { width: 20, height: 20, channels: 3, background: '#f00' } },
        left: 0,
        top: 0,
      },
    ])
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const asset = await upload(lying);
  assert.deepEqual([asset.width, asset.height, asset.mediaType], [20, 60, 'image/png']);
  const { path } = await fixture.assets.content(asset.id);
  assert.equal((await sharp(path).metadata()).orientation, undefined);
  const { data } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  assert.ok((data[0] ?? 0) > 200 && (data[2] ?? 255) < 60, 'red on top');
});

test('brings other colour profiles and printing colours to sRGB', async () => {
  const orange = sharp({ create: { width: 8, height: 8, channels: 3, background: '#ff8000' } });
  const wide = await orange.clone().withIccProfile('p3').png().toBuffer();
  const printed = await orange.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
  const own = await orange.clone().withIccProfile('srgb').png().toBuffer();
  for (const [bytes, tolerance] of [
    [wide, 3],
    [printed, 60],
  ] as const) {
    const asset = await upload(bytes);
    const { path } = await fixture.assets.content(asset.id);
    const { icc, space } = await sharp(path).metadata();
    assert.deepEqual([icc, space], [undefined, 'srgb']);
    const [red = 0, green = 0, blue = 0] = await sharp(path).removeAlpha().raw().toBuffer();
    for (const [is, wanted] of [
      [red, 255],
      [green, 128],
      [blue, 0],
    ] as const) {
      assert.ok(Math.abs(is - wanted) <= tolerance, `${red} ${green} ${blue}`);
    }
  }
  assert.equal((await upload(own)).bytes, own.length, 'an sRGB profile changes nothing');
});

test('removes the content with the last asset that has it', async () => {
  const bytes = await makePng(9, 9, '#123456');
  const first = await upload(bytes, 'first');
  const second = await upload(bytes, 'second');
  assert.equal(first.contentHash, second.contentHash);
  const { path } = await fixture.assets.content('first');
  await fixture.assets.remove('first');
  assert.deepEqual(await readFile(path), bytes);
  await fixture.assets.remove('second');
  await assert.rejects(readFile(path), { code: 'ENOENT' });
  await assert.rejects(fixture.assets.remove('second'), withCode('SM_ASSET_UNKNOWN', /second/));
  await assert.rejects(fixture.assets.content('second'), withCode('SM_ASSET_UNKNOWN', /second/));
});

test('does not remove what a scene shows', async () => {
  await upload(await makePng(7, 7), 'shown');
  await fixture.store.dispatch(sceneCommand('main', ['shown']));
  await assert.rejects(fixture.assets.remove('shown'), withCode('SM_ASSET_IN_USE', /main/));
  assert.equal((await fixture.assets.content('shown')).mediaType, 'image/png');
});

test('says so when the file of an upload is gone or not whole', async () => {
  await upload(await makePng(11, 11), 'lost');
  const { path, contentHash } = await fixture.assets.content('lost');
  await writeFile(path, 'short');
  await assert.rejects(
    fixture.assets.content('lost'),
    withCode('SM_ASSET_NOT_READY', /upload it again/),
  );
  await fixture.assets.remove('lost');
  await upload(await makePng(11, 11), 'lost');
  await rm(path);
  await fixture.assets.pictureFailed(contentHash, 'no such file');
  const asset = fixture.store.state.assets.find(({ id }) => id === 'lost');
  assert.deepEqual([asset?.state, asset?.contentHash], ['failed', null]);
});

test('a loss that cannot be recorded ends nothing', async (t) => {
  await upload(await makePng(17, 17), 'unrecorded');
  const { path, contentHash } = await fixture.assets.content('unrecorded');
  await rm(path);
  t.mock.method(fixture.store, 'dispatch', () => Promise.reject(new Error('no room')));
  await fixture.assets.pictureFailed(contentHash, 'no such file');
});

test('tells in an event when the painter cannot use what is there', async () => {
  const { id, contentHash } = await upload(await makePng(13, 13));
  await fixture.assets.pictureFailed(contentHash ?? '', 'the decoder gave up');
  assert.deepEqual(fixture.events.at(-1), {
    topic: 'asset',
    type: 'asset.undecodable',
    data: { id, reason: 'the decoder gave up' },
  });
});
