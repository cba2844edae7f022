import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { probeVideo } from '../../src/assets/probe-video.js';
import { createLogger } from '../../src/core/logger.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { PictureSource } from '../../src/scene/snapshot.js';
import { createStills, STILL_LIMITS } from '../../src/still/service.js';
import { CODED_SIZE, makeCodedVideo, readCode } from '../support/coded-video.js';
import { decodePng, type DecodedPng } from '../support/decode-png.js';
import { sceneFrom, snapshotOf } from '../support/engine.js';

/** Videos in stills: the very picture of the moment, in its colours, at its place. */

const run = promisify(execFile);
const SIZE = { width: 320, height: 180 } as const;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-video-stills-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const stills = createStills({
  ffmpegPath: null,
  logLevel: 'silent',
  logger: createLogger('silent', 'test'),
  limits: { ...STILL_LIMITS, timeoutMs: 120_000 },
});
after(() => stills.close());

async function sourceOf(path: string): Promise<PictureSource> {
  const found = await probeVideo({ path, ffmpegPath: 'ffmpeg' });
  assert.ok(found !== null);
  const { video, width, height } = found;
  return { contentHash: path, path, width, height, video };
}

async function render(
  source: PictureSource,
  fields: Partial<Extract<LayerInput, { type: 'video' }>>,
  timeMs: number,
): Promise<DecodedPng> {
  const layer = { id: 'v', type: 'video', asset: 'clip', ...SIZE, fit: 'fill', ...fields } as const;
  const scene = sceneFrom({ id: 'main', ...SIZE, background: '#000000', layers: [layer] });
  const { bytes } = await stills.render({
    snapshot: snapshotOf(scene, { pictures: { clip: source } }),
    timeMs,
    wallTimeMs: Date.UTC(2026, 4, 1),
    ...SIZE,
    format: 'png',
    scaledWidth: null,
    quality: 90,
  });
  return decodePng(bytes);
}

function codeOf({ at }: DecodedPng): number {
  return readCode((x, y) => at(Math.floor(x * SIZE.width), Math.floor(y * SIZE.height))[0]);
}

test('a still shows the picture of its moment: loops, beginnings, ends, speeds', async () => {
  const path = join(folder, 'coded.mp4');
  await makeCodedVideo(path, { rate: '25', frames: 50 });
  const source = await sourceOf(path);
  assert.deepEqual([source.width, source.height], [CODED_SIZE.width, CODED_SIZE.height]);
  const cases = [
    [{}, 0, 1],
    [{}, 39, 1],
    [{}, 40, 2],
    [{}, 1234, 31],
    [{}, 1999, 50],
    [{}, 2000, 1],
    [{}, 61_040, 27],
    [{ startMs: 1000 }, 500, 1],
    [{ startMs: 1000 }, 1080, 3],
    [{ inMs: 800, outMs: 1200 }, 0, 21],
    [{ inMs: 800, outMs: 1200 }, 400, 21],
    [{ inMs: 800, outMs: 1200 }, 360, 30],
    [{ loop: false }, 5000, 50],
    [{ loop: 2 }, 3000, 26],
    [{ speed: 2 }, 500, 26],
    [{ speed: 0.5 }, 1000, 13],
    [{ loop: false, atEnd: 'hide' }, 1960, 50],
    [{ loop: false, atEnd: 'hide' }, 2000, 0],
    [{ transport: { paused: true, positionMs: 1000, atMs: 0 } }, 500, 26],
    [{ transport: { paused: false, positionMs: 1000, atMs: 0, cued: true } }, 480, 38],
    // Of an earlier time than the one at which the scene was taken.
    [{ transport: { paused: false, positionMs: 1000, atMs: 0 } }, 40, 2],
  ] as const;
  for (const [fields, timeMs, code] of cases)
    assert.equal(
      codeOf(await render(source, fields, timeMs)),
      code,
      JSON.stringify([fields, timeMs]),
    );
});

/** Colours in stripes, as FFmpeg's `smptehdbars` has them: 75 %. */
const BARS = ['#bfbfbf', '#bfbf00', '#00bfbf', '#00bf00', '#bf00bf', '#bf0000', '#0000bf'];

async function makeBars(name: string, filter: string, tags: readonly string[]): Promise<string> {
  const path = join(folder, name);
  const bars = BARS.map(
    (color, i) => `drawbox=x=${i * 40}:y=0:w=40:h=180:color=0x${color.slice(1)}:t=fill`,
  );
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=black:size=280x180:rate=25:duration=0.2'],
    ...['-vf', ['format=gbrp', ...bars, filter].join(','), ...tags],
    ...['-c:v', name.endsWith('.mkv') ? 'ffv1' : 'libx264', '-qp', '0', path],
  ]);
  return path;
}

for (const matrix of ['bt601', 'bt709'] as const)
  for (const range of ['limited', 'full'] as const)
    for (const format of ['yuv420p', 'nv12', 'yuv444p', 'yuv420p10le', 'yuv422p'] as const)
      test(`bars in ${matrix}, ${range} range, ${format} have the right colours`, async () => {
        const isFull = range === 'full';
        const scaled = `scale=out_color_matrix=${matrix}:out_range=${isFull ? 'pc' : 'tv'}:flags=accurate_rnd+full_chroma_int,format=${format}`;
        const named = matrix === 'bt601' ? 'smpte170m' : 'bt709';
        const tags = ['-colorspace', named, '-color_range', isFull ? 'pc' : 'tv'];
        const name = `${matrix}-${range}-${format}.${format === 'nv12' ? 'mp4' : 'mkv'}`;
        const source = await sourceOf(await makeBars(name, scaled, tags));
        const { at } = await render(source, { width: 280 }, 0);
        BARS.forEach((color, i) => {
          const wanted = [...Buffer.from(color.slice(1), 'hex')];
          const got = at(i * 40 + 20, 90);
          wanted.forEach((value, channel) => {
            const off = Math.abs((got[channel] ?? NaN) - value);
            assert.ok(off <= 2, `${color}: ${got.join(' ')}`);
          });
        });
      });

test('what is transparent in a video lets through what is below it', async () => {
  for (const [name, encode] of [
    ['alpha.webm', ['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p', '-lossless', '1']],
    ['alpha.mov', ['-c:v', 'prores_ks', '-pix_fmt', 'yuva444p10le']],
  ] as const) {
    const path = join(folder, name);
    const source = `color=0xff0000:size=320x180:rate=25:duration=0.2,format=yuva444p,geq=lum='p(X,Y)':a='255*lt(X,160)'`;
    await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...encode, path]);
    const { at } = await render(await sourceOf(path), {}, 0);
    const [red, green] = at(80, 90);
    assert.ok(red > 245 && green < 12, `${name}: ${at(80, 90).join(' ')}`);
    assert.deepEqual(at(240, 90).slice(0, 3), [0, 0, 0], name);
  }
});

test('a video is fitted, cut, rounded and keyed as a picture is', async () => {
  const path = join(folder, 'halves.mp4');
  const halves =
    'color=0x00ff00:size=320x180:rate=25:duration=0.2,drawbox=w=160:color=0x0000ff:t=fill';
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', halves],
    ...['-pix_fmt', 'yuv444p', '-c:v', 'libx264', '-qp', '0', path],
  ]);
  const source = await sourceOf(path);
  const contained = await render(source, { width: 160, height: 180, fit: 'contain' }, 0);
  assert.ok(contained.at(40, 90)[2] > 240);
  assert.deepEqual(contained.at(40, 20).slice(0, 3), [0, 0, 0]);
  const covered = await render(source, { width: 160, height: 180, fit: 'cover' }, 0);
  assert.ok(covered.at(40, 10)[2] > 240 && covered.at(120, 10)[1] > 240);
  assert.deepEqual(covered.at(200, 90).slice(0, 3), [0, 0, 0]);
  const rounded = await render(source, { cornerRadius: 60 }, 0);
  assert.deepEqual(rounded.at(3, 3).slice(0, 3), [0, 0, 0]);
  assert.ok(rounded.at(80, 90)[2] > 240);
  const keyed = await render(source, { chromaKey: { color: '#00ff00' } }, 0);
  assert.ok(keyed.at(80, 90)[2] > 240);
  assert.deepEqual(keyed.at(240, 90).slice(0, 3), [0, 0, 0]);
  const both = await render(source, { chromaKey: { color: '#00ff00' }, cornerRadius: 60 }, 0);
  assert.ok(both.at(80, 90)[2] > 240);
  assert.deepEqual(both.at(240, 90).slice(0, 3), [0, 0, 0]);
});
