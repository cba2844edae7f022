import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { ASSET_JOBS } from '../../src/assets/decode-jobs.js';
import type { PictureShare, Size } from '../../src/decode/protocol.js';
import { pixelsWanted } from '../support/pixels-wanted.js';

let folder: string;
let names = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-pixels-'));
});
after(() => rm(folder, { recursive: true, force: true }));

type Paint = (x: number, y: number) => readonly [number, number, number, number];

function rgbaOf({ width, height }: Size, paint: Paint): Buffer {
  const rgba = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgba.set(paint(x, y), (y * width + x) * 4);
  return rgba;
}

/** What the painter gets of a picture in a PNG: R G B A, premultiplied. */
async function decode(
  rgba: Buffer,
  size: Size,
  into: Size,
  part: PictureShare | null = null,
  partPx = into,
): Promise<Buffer> {
  const path = join(folder, `${++names}.png`);
  const intoPath = join(folder, `${names}.rgba`);
  await writeFile(
    path,
    await sharp(rgba, { raw: { ...size, channels: 4 } })
      .png()
      .toBuffer(),
  );
  await ASSET_JOBS.writePixels({ ...pixelsWanted(path, into, part, partPx), intoPath });
  return readFile(intoPath);
}

function psnr(found: Uint8Array, expected: Uint8Array): number {
  assert.equal(found.length, expected.length);
  const sum = found.reduce((total, value, i) => total + (value - (expected[i] ?? 0)) ** 2, 0);
  return sum === 0 ? Infinity : 10 * Math.log10(255 ** 2 / (sum / found.length));
}

/** Columns that are red, green and blue by thirds. */
const STRIPES: Paint = (x) =>
  x < 100 ? [255, 0, 0, 255] : x < 200 ? [0, 255, 0, 255] : [0, 0, 255, 255];
const STRIPES_SIZE = { width: 300, height: 20 };

test('a zone plate that is reduced ten times looks as by an ideal filter', async () => {
  const size = { width: 4000, height: 3000 };
  const plate = Buffer.alloc(size.width * size.height * 4, 255);
  for (let i = 0; i < plate.length; i += 4) {
    const distance = (((i / 4) % 4000) - 2000) ** 2 + (Math.floor(i / 16_000) - 1500) ** 2;
    const light = Math.round(127.5 + 127.5 * Math.cos((distance * Math.PI) / 4000));
    plate.fill(light, i, i + 3);
  }
  const into = { width: 400, height: 300 };
  const expected = await sharp(plate, { raw: { ...size, channels: 4 } })
    .resize(400, 300, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  const found = psnr(await decode(plate, size, into), expected);
  assert.ok(found >= 34, `${found.toFixed(1)} dB; Chromium has 26.3`);
});

test('thin lines that are reduced eight times keep their light, and do not fall to pieces', async () => {
  const size = { width: 1600, height: 400 };
  const logo = rgbaOf(size, (x) => (x % 32 < 4 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
  const found = await decode(logo, size, { width: 200, height: 50 });
  const columns = Array.from({ length: 200 }, (_, x) => found[(25 * 200 + x) * 4] ?? 0);
  const lights = Array.from({ length: 48 }, (_, i) =>
    columns.slice(4 + i * 4, 8 + i * 4).reduce((sum, light) => sum + light, 0),
  );
  // Four of 32 columns are white, so four columns of the result share half of one column's light, and what is cut off below
  // black.
  for (const light of lights) assert.ok(light >= 127 && light < 150, lights.join(' '));
  assert.ok(Math.max(...lights) - Math.min(...lights) <= 2, lights.join(' '));
});

test('a picture in its own size stays as it is, bit for bit', async () => {
  const size = { width: 64, height: 64 };
  const edge = rgbaOf(size, (x) => (x < 32 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
  assert.deepEqual(await decode(edge, size, size), edge);
  const noise = rgbaOf(size, (x, y) => [
    (x * 7 + y * 13) & 255,
    (x * 31) & 255,
    (y * 17) & 255,
    (x * y) & 255,
  ]);
  const expected = Buffer.from(noise);
  for (let i = 0; i < expected.length; i += 4)
    for (let channel = 0; channel < 3; channel++)
      expected[i + channel] = Math.round(((noise[i + channel] ?? 0) * (noise[i + 3] ?? 0)) / 255);
  const found = await decode(noise, size, size);
  for (const [i, value] of found.entries())
    assert.ok(Math.abs(value - (expected[i] ?? 0)) <= (i % 4 === 3 ? 0 : 1), `byte ${i}`);
  const part = { x: 0.25, y: 0.5, width: 0.5, height: 0.25 };
  const cut = await decode(edge, size, { width: 32, height: 16 }, part);
  assert.deepEqual([cut[0], cut[15 * 4], cut[16 * 4], cut[31 * 4]], [255, 255, 0, 0]);
});

test('a part that takes no whole number of pixels keeps its scale, and is not squeezed into them', async () => {
  const size = { width: 400, height: 4 };
  const light = (x: number): number => Math.min(Math.max(0, (x - 300) * 6), 240);
  const ramp = rgbaOf(size, (x) => [light(x), light(x), light(x), 255]);
  const part = { x: 0.1, y: 0, width: 300.5 / 400, height: 1 };
  // Three quarters of the size: 225.375 pixels.
  const found = await decode(ramp, size, { width: 225, height: 3 }, part, {
    width: 225.375,
    height: 3,
  });
  for (let x = 200; x < 222; x++) {
    const expected = light(40 + (x + 0.5) / 0.75 - 0.5);
    assert.ok(Math.abs((found[x * 4] ?? 0) - expected) < 0.75, `pixel ${x}: ${found[x * 4] ?? 0}`);
  }
});

test('nothing from outside of a crop is seen in it, at any size', async () => {
  const part = { x: 1 / 3, y: 0, width: 1 / 3, height: 1 };
  for (const width of [400, 150, 101, 100, 99, 50, 37, 3, 1]) {
    const found = await decode(
      rgbaOf(STRIPES_SIZE, STRIPES),
      STRIPES_SIZE,
      { width, height: 20 },
      part,
    );
    for (let x = 0; x < width; x++) {
      const pixel = [...found.subarray(x * 4, x * 4 + 4)];
      assert.deepEqual(pixel, [0, 255, 0, 255], `column ${x} of ${width}`);
    }
  }
});

test('a crop of parts of pixels begins and ends where it says', async () => {
  const size = { width: 40, height: 4 };
  const ramp = rgbaOf(size, (x) => [x * 6, x * 6, x * 6, 255]);
  const part = { x: 10.25 / 40, y: 0, width: 20 / 40, height: 1 };
  const found = await decode(ramp, size, { width: 40, height: 4 }, part);
  for (let x = 4; x < 36; x++) {
    // The middle of column x is this place in the picture, whose column i has its light in its middle.
    const place = 10.25 + (x + 0.5) / 2 - 0.5;
    assert.ok(Math.abs((found[x * 4] ?? 0) - place * 6) <= 1, `column ${x}`);
  }
});

test('colours of what is transparent are not seen beside it', async () => {
  const size = { width: 200, height: 200 };
  const disc = rgbaOf(size, (x, y) =>
    (x - 100) ** 2 + (y - 100) ** 2 < 6400 ? [255, 255, 255, 255] : [255, 0, 0, 0],
  );
  for (const extent of [20, 67, 190, 400]) {
    const found = await decode(disc, size, { width: extent, height: extent });
    for (let i = 0; i < found.length; i += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = found.subarray(i, i + 4);
      assert.ok(red === green && green === blue && red === alpha, `${extent}: ${i}`);
    }
  }
});

test('what is enlarged runs evenly from pixel to pixel, as in Chromium', async () => {
  const size = { width: 16, height: 16 };
  const edge = rgbaOf(size, (x) => (x < 8 ? [0, 0, 0, 255] : [255, 255, 255, 255]));
  const found = await decode(edge, size, { width: 128, height: 128 });
  const row = Array.from({ length: 12 }, (_, i) => found[(64 * 128 + 58 + i) * 4] ?? 0);
  // Read from a screenshot of Chromium.
  const expected = [0, 0, 15, 47, 79, 111, 143, 175, 207, 239, 255, 255];
  for (const [i, value] of row.entries())
    assert.ok(Math.abs(value - (expected[i] ?? 0)) <= 1, row.join(' '));
});

test('pictures of grey, of a palette, of 16 bits and without alpha come out right', async () => {
  const picture = sharp({ create: { width: 20, height: 10, channels: 3, background: '#4080c0' } });
  const files = {
    palette: await picture.clone().png({ palette: true, colours: 4 }).toBuffer(),
    opaque: await picture.clone().png().toBuffer(),
    deep: await picture.clone().toColourspace('rgb16').png().toBuffer(),
    grey: await picture.clone().greyscale().png().toBuffer(),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    const wanted = pixelsWanted(path, { width: 7, height: 5 });
    await ASSET_JOBS.writePixels({ ...wanted, intoPath: `${path}.rgba` });
    const found = await readFile(`${path}.rgba`);
    assert.equal(found.length, 7 * 5 * 4);
    const [red = 0, green = 0, blue = 0, alpha = 0] = found;
    if (name === 'grey') assert.ok(red === green && green === blue && alpha === 255, name);
    else assert.deepEqual([red, green, blue, alpha], [64, 128, 192, 255], name);
  }
});
