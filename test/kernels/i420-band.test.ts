import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { createPictureRing, PictureRingWriter } from '../../src/memory/picture-ring.js';
import { VideoPixels } from '../../src/render/video-pixels.js';
import { createRandom, createTileBench } from './tile-bench.js';

/** Pictures of rings as RGBA, taken out of them by the render threads. */

const { memory, kernels, bytes, free, scratch } = createTileBench(64, 64);
const videos = new VideoPixels(memory, kernels);
const GUARD = 0xa5;

type Picture = { readonly width: number; readonly height: number; readonly planes: Uint8Array };

function noise(width: number, height: number): Picture {
  const random = createRandom(width * height);
  const planes = Uint8Array.from({ length: (width * height * 3) / 2 }, () => random() * 256);
  return { width, height, planes };
}

function ringOf({ width, height, planes }: Picture): Parameters<VideoPixels['copy']>[0] {
  const ring = createPictureRing({ widthPx: width, heightPx: height, format: 'i420', slots: 2 });
  const writer = new PictureRingWriter(ring);
  writer.begin(1).set(planes);
  writer.finish(1);
  return { ring, number: 1 };
}

function converted(picture: Picture): Uint8Array {
  const count = picture.width * picture.height * 4;
  bytes.fill(GUARD, free - 64, free + count + 64);
  videos.copy(ringOf(picture), free, scratch);
  for (let i = 1; i <= 64; i++)
    assert.deepEqual([bytes[free - i], bytes[free + count + i - 1]], [GUARD, GUARD]);
  return bytes.slice(free, free + count);
}

/** ITU-R BT.709-6, item 3.2 and 3.4, of chroma that is interpolated between where MPEG-2 has it: not rounded. */
function expected({ width, height, planes }: Picture, x: number, y: number): number[] {
  const [columns, rows] = [width / 2, height / 2];
  const sample = (plane: number, column: number, row: number): number => {
    const [cx, cy] = [Math.min(column, columns - 1), Math.max(0, Math.min(row, rows - 1))];
    return planes[width * height + plane * columns * rows + cy * columns + cx] ?? 0;
  };
  const chroma = (plane: number): number => {
    const [column, row] = [Math.floor(x / 2), Math.floor(y / 2)];
    const far = row + (y % 2 === 0 ? -1 : 1);
    const right = column + (x % 2);
    const line = (at: number): number => (sample(plane, column, at) + sample(plane, right, at)) / 2;
    return ((3 * line(row) + line(far)) / 4 - 128) / 224;
  };
  const luma = ((planes[y * width + x] ?? 0) - 16) / 219;
  const [cb, cr] = [chroma(0), chroma(1)];
  const red = luma + 1.5748 * cr;
  const blue = luma + 1.8556 * cb;
  const green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152;
  return [red, green, blue, 1].map((value) => Math.min(255, Math.max(0, value * 255)));
}

for (const [width, height] of [
  [2, 2],
  [4, 6],
  [14, 2],
  [16, 16],
  [18, 10],
  [334, 202],
  [1922, 38],
  [3840, 18],
] as const)
  test(`${width}x${height} is converted as BT.709 has it, rounded, whatever bands it is cut into`, () => {
    const picture = noise(width, height);
    const found = converted(picture);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        expected(picture, x, y).forEach((value, channel) => {
          const got = found[(y * width + x) * 4 + channel] ?? NaN;
          assert.ok(Math.abs(got - value) <= 0.54, `${x}, ${y}: ${got} in place of ${value}`);
        });
  });

test('greys and the ends of the range come out exactly', () => {
  for (let luma = 0; luma < 256; luma++) {
    const planes = new Uint8Array(24).fill(luma, 0, 16).fill(128, 16);
    const grey = Math.min(255, Math.max(0, Math.round(((luma - 16) * 255) / 219)));
    const found = converted({ width: 4, height: 4, planes });
    assert.deepEqual([...found.subarray(0, 4)], [grey, grey, grey, 255], `${luma}`);
  }
});

test('coloured edges are as FFmpeg shows them', () => {
  const [width, height] = [320, 180];
  const size = `${width}x${height}`;
  const run = (args: readonly string[], input?: Uint8Array): Uint8Array =>
    execFileSync('ffmpeg', ['-v', 'error', ...args, 'pipe:1'], { input, maxBuffer: 16 << 20 });
  const test = `testsrc2=size=${size}:rate=1:duration=1,scale=out_color_matrix=bt709:flags=area,format=yuv420p`;
  const planes = run(['-f', 'lavfi', '-i', test, '-frames:v', '1', '-f', 'rawvideo']);
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', size, '-i', 'pipe:0'];
  const flags = 'bicubic+accurate_rnd+full_chroma_int';
  const scale = `scale=in_color_matrix=bt709:in_h_chr_pos=0:flags=${flags},format=rgba`;
  const shown = run([...raw, '-vf', scale, '-f', 'rawvideo'], planes);
  const found = converted({ width, height, planes });
  let sum = 0;
  found.forEach((value, i) => {
    sum += (value - (shown[i] ?? 0)) ** 2;
  });
  const decibels = 10 * Math.log10(255 ** 2 / (sum / found.length));
  // FFmpeg's filter is steeper. Taken to be in the middle of two pixels, chroma has 29 dB.
  assert.ok(decibels > 41, `${decibels} dB`);
});

test('bands are the whole picture, in both formats', () => {
  const picture = noise(1922, 38);
  const whole = converted(picture);
  const rgba = createPictureRing({ widthPx: 1922, heightPx: 38, format: 'rgba', slots: 1 });
  new PictureRingWriter(rgba).begin(0).set(whole);
  for (const source of [ringOf(picture), { ring: rgba, number: 0 }]) {
    const found = new Uint8Array(whole.length);
    for (const { offset, first, count } of videos.bands(source, scratch))
      found.set(bytes.subarray(offset, offset + count * 4), first * 4);
    assert.ok(Buffer.from(found).equals(whole));
  }
});
