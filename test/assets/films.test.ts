import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { AppError, type ErrorCode } from '../../src/core/errors.js';
import { reducedFilmSize } from '../../src/scene/film-size.js';
import type { PictureSource } from '../../src/scene/snapshot.js';
import type { Asset } from '../../src/state/model.js';
import { BARS, barPixels, makeApng, makeGif, makeMovingWebp } from '../support/moving-media.js';
import { openFixture, type Fixture } from './fixture.js';
import { pngChunk } from './png.js';

let fixture: Fixture;
before(async () => {
  fixture = await openFixture();
});
after(() => fixture.close());

const DELAYS_MS = [100, 50, 200, 100, 100, 300];

/** A WebP without loss whose frames are all of one colour each. */
function makeFlatFilm(width: number, height: number, count: number): Promise<Buffer> {
  const rgb = Buffer.alloc(width * height * count * 3);
  for (let frame = 0; frame < count; frame++) {
    const start = frame * width * height * 3;
    rgb.fill(frame * 4, start, start + width * height * 3);
  }
  const raw = { width, height: height * count, channels: 3, pageHeight: height } as const;
  return sharp(rgb, { raw, limitInputPixels: false })
    .webp({ lossless: true, effort: 0 })
    .toBuffer();
}

function upload(bytes: Buffer): Promise<Asset> {
  return fixture.assets.upload({ id: null, name: '', bytes });
}

function refused(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

function filmOf(asset: Asset): PictureSource & { film: NonNullable<PictureSource['film']> } {
  const source = fixture.assets.pictureSourceOf(asset);
  assert.ok(source?.film !== undefined);
  return { ...source, film: source.film };
}

/** Pixels of the frames of a film, one after the other; transparent ones without a colour. */
async function pixelsOf(asset: Asset): Promise<Buffer> {
  const { path, film } = filmOf(asset);
  const file = await readFile(path);
  const frames = film.frames.map(({ start, bytes }) =>
    sharp(file.subarray(start, start + bytes))
      .ensureAlpha()
      .raw()
      .toBuffer(),
  );
  const rgba = Buffer.concat(await Promise.all(frames));
  for (let i = 0; i < rgba.length; i += 4) if (rgba[i + 3] === 0) rgba.fill(0, i, i + 4);
  return rgba;
}

test('takes animated GIF, WebP and APNG apart into the same frames', async () => {
  const files = {
    'image/gif': await makeGif(DELAYS_MS),
    'image/webp': await makeMovingWebp(DELAYS_MS),
    'image/apng': await makeApng(fixture.folder),
  };
  for (const [mediaType, bytes] of Object.entries(files)) {
    const asset = await upload(bytes);
    assert.equal(asset.kind, 'film', mediaType);
    assert.equal(asset.mediaType, mediaType);
    assert.deepEqual([asset.width, asset.height], [BARS.width, BARS.height]);
    assert.equal(asset.animation?.frames, BARS.frames);
    assert.deepEqual(await pixelsOf(asset), barPixels(), mediaType);
    const content = await fixture.assets.content(asset.id);
    assert.deepEqual(await readFile(content.path), bytes, 'what is given back is the original');
  }
});

test('knows how long each frame is shown, and how often it runs', async () => {
  for (const bytes of [await makeGif(DELAYS_MS, 3), await makeMovingWebp(DELAYS_MS, 3)]) {
    const { film } = filmOf(await upload(bytes));
    assert.deepEqual(
      film.frames.map(({ durationMs }) => durationMs),
      DELAYS_MS,
    );
    assert.equal(film.plays, 3);
  }
  const { film } = filmOf(await upload(await makeApng(fixture.folder, 2)));
  assert.deepEqual(new Set(film.frames.map(({ durationMs }) => durationMs)), new Set([100]));
  assert.equal(film.plays, 2);
});

test('takes delays of 10 ms and less for a tenth of a second, as browsers do', async () => {
  const { film } = filmOf(await upload(await makeGif([0, 10, 20, 30, 0, 10])));
  assert.deepEqual(
    film.frames.map(({ durationMs }) => durationMs),
    [100, 100, 20, 30, 100, 100],
  );
});

test('frames that look like the one before only make it longer', async () => {
  const { width, height } = BARS;
  const frame = barPixels().subarray(0, width * height * 4);
  const other = Buffer.from(frame).reverse();
  const rgba = Buffer.concat([frame, frame, other, other, other]);
  const raw = { width, height: height * 5, channels: 4, pageHeight: height } as const;
  const bytes = await sharp(rgba, { raw })
    .webp({ delay: [100, 100, 50, 50, 50], lossless: true })
    .toBuffer();
  const asset = await upload(bytes);
  assert.deepEqual(
    filmOf(asset).film.frames.map(({ durationMs }) => durationMs),
    [200, 150],
  );
  assert.deepEqual(asset.animation, { frames: 2, durationMs: 350, plays: 0, reducedTo: null });
});

test('keeps a film of many pixels at its own size, and says how large all of it fits into memory', async () => {
  const [width, height, count] = [1280, 720, 60];
  const bytes = await makeFlatFilm(width, height, count);
  const asset = await upload(bytes);
  assert.deepEqual([asset.width, asset.height], [width, height]);
  const { film } = filmOf(asset);
  assert.equal(film.frames.length, count);
  for (const frame of film.frames)
    assert.deepEqual([frame.width, frame.height], [width, height], 'it is not made smaller');
  assert.deepEqual(asset.animation?.reducedTo, reducedFilmSize(count, { width, height }));
  const { width: largest, height: high } = asset.animation.reducedTo ?? { width: 0, height: 0 };
  assert.ok(largest < width && largest * high * count <= 25_165_824, `${largest}x${high}`);
  assert.ok(Math.abs(largest / high - width / height) < 0.01);
});

test('an AVIF that moves is refused with what to save it as', async () => {
  const path = join(fixture.folder, 'film.avif');
  await promisify(execFile)('ffmpeg', [
    ...['-y', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5:duration=1'],
    ...['-c:v', 'libaom-av1', '-cpu-used', '8', '-f', 'avif', path],
  ]);
  const bytes = await readFile(path);
  await assert.rejects(upload(bytes), refused('SM_ASSET_FORMAT', /Animated AVIF.*WebP, APNG/));
});

test('refuses films of too many frames or pixels, and says how many there may be', async () => {
  const frames = 1001;
  const rgba = Buffer.alloc(4 * frames);
  for (let i = 0; i < frames; i++) rgba.set([i % 256, i >> 8, 0, 255], i * 4);
  const raw = { width: 1, height: frames, channels: 4, pageHeight: 1 } as const;
  const bytes = await sharp(rgba, { raw }).webp({ lossless: true }).toBuffer();
  await assert.rejects(upload(bytes), refused('SM_ASSET_TOO_LARGE', /1001 frames.*limit is 1000/));
});

test('plays films that were cut as far as their last whole frame, and none without one', async () => {
  const files = [
    await makeGif(DELAYS_MS),
    await makeMovingWebp(DELAYS_MS),
    await makeApng(fixture.folder),
  ];
  for (const bytes of files) {
    const cut = bytes.subarray(0, Math.floor(bytes.length * 0.7));
    const asset = await upload(cut);
    assert.equal(asset.kind, 'film', asset.mediaType ?? '');
    const { film, width, height } = filmOf(asset);
    const frames = film.frames.length;
    assert.ok(frames > 0 && frames < BARS.frames, `${asset.mediaType ?? ''}: ${frames} frames`);
    const expected = barPixels().subarray(0, width * height * 4 * frames);
    assert.deepEqual(await pixelsOf(asset), expected, asset.mediaType ?? '');
    const content = await fixture.assets.content(asset.id);
    assert.deepEqual(await readFile(content.path), cut, 'what is given back is the original');
    await assert.rejects(
      upload(bytes.subarray(0, 120)),
      refused('SM_ASSET_BROKEN', /Save it again/),
    );
  }
});

test('plays films with anything after their end', async () => {
  const files = {
    'image/gif': await makeGif(DELAYS_MS),
    'image/webp': await makeMovingWebp(DELAYS_MS),
    'image/apng': await makeApng(fixture.folder),
  };
  for (const [mediaType, bytes] of Object.entries(files)) {
    for (const rest of ['\n', '\0\0\0', '; made by a program', '<!-- -->'.repeat(5000)]) {
      const asset = await upload(Buffer.concat([bytes, Buffer.from(rest)]));
      assert.equal(asset.mediaType, mediaType);
      assert.deepEqual(await pixelsOf(asset), barPixels(), `${mediaType} and ${rest.slice(0, 9)}`);
    }
  }
});

test('an animated PNG moves however much stands before the chunk that says so', async () => {
  const bytes = await makeApng(fixture.folder);
  const headEnd = bytes.indexOf('acTL') - 4;
  const chunks = {
    tEXt: Buffer.from(`Comment\0${'word '.repeat(2000)}`, 'latin1'),
    iTXt: Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${'<x/>'.repeat(20_000)}`, 'latin1'),
    eXIf: Buffer.concat([Buffer.from('MM\0*\0\0\0\x08\0\0\0\0\0\0', 'latin1'), Buffer.alloc(9000)]),
    // Five letters of the chunk that is looked for, in the text of another one.
    zTXt: Buffer.concat([Buffer.from('IDAT acTL\0\0', 'latin1'), deflateSync(randomBytes(6000))]),
  };
  for (const [type, data] of Object.entries(chunks)) {
    const padded = Buffer.concat([
      bytes.subarray(0, headEnd),
      pngChunk(type, data),
      bytes.subarray(headEnd),
    ]);
    const asset = await upload(padded);
    assert.equal(asset.kind, 'film', type);
    assert.equal(asset.mediaType, 'image/apng');
    assert.deepEqual(await pixelsOf(asset), barPixels(), type);
  }
  const still = await sharp(barPixels().subarray(0, BARS.width * BARS.height * 4), {
    raw: { width: BARS.width, height: BARS.height, channels: 4 },
  })
    .png()
    .toBuffer();
  const named = Buffer.concat([
    still.subarray(0, 33),
    pngChunk('tEXt', Buffer.from('Comment\0acTL', 'latin1')),
    still.subarray(33),
  ]);
  assert.equal((await upload(named)).kind, 'picture', 'a text that says so makes no film');
});

test('a film whose frames went missing is a lost asset, and both files go with it', async () => {
  const asset = await upload(await makeGif([40, 40, 40, 40, 40, 40]));
  const { path } = filmOf(asset);
  const { path: original } = await fixture.assets.content(asset.id);
  await fixture.assets.remove(asset.id);
  await assert.rejects(readFile(path), /ENOENT/);
  await assert.rejects(readFile(original), /ENOENT/);
});
