import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { Asset } from '../../src/state/model.js';
import { openFixture, type Fixture } from './fixture.js';

/** Videos that are uploaded: what is found out of them, and what is refused. */

const run = promisify(execFile);
const SINE = ['-f', 'lavfi', '-i', 'sine=r=48000:d=2'];

let fixture: Fixture;
let folder: string;
before(async () => {
  fixture = await openFixture();
  folder = await mkdtemp(join(tmpdir(), 'sm-videos-'));
});
after(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

function picture(size: string, rate = '25'): string[] {
  return ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=${rate}:duration=2`];
}

async function make(name: string, args: readonly string[]): Promise<Buffer> {
  const path = join(folder, name);
  await run('ffmpeg', ['-v', 'error', '-y', ...args, path]);
  return readFile(path);
}

async function upload(bytes: Buffer): Promise<Asset> {
  return fixture.assets.upload({ id: null, name: '', bytes });
}

const H264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];

type Sample = {
  readonly args: readonly string[];
  readonly mediaType: string;
  readonly size: readonly [number, number];
  readonly codec: string;
  readonly hasSound?: boolean;
  readonly hasAlpha?: boolean;
};

const SAMPLES: Readonly<Record<string, Sample>> = {
  'sound.mp4': {
    args: [...picture('64x48'), ...SINE, ...H264, '-c:a', 'aac'],
    mediaType: 'video/mp4',
    size: [64, 48],
    codec: 'h264',
    hasSound: true,
  },
  'silent.mov': {
    args: [...picture('64x48'), '-c:v', 'prores_ks'],
    mediaType: 'video/quicktime',
    size: [64, 48],
    codec: 'prores',
  },
  'hevc.mkv': {
    args: [...picture('64x48'), '-c:v', 'libx265', '-x265-params', 'log-level=none'],
    mediaType: 'video/matroska',
    size: [64, 48],
    codec: 'hevc',
  },
  'alpha.webm': {
    args: [...picture('64x48'), '-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p'],
    mediaType: 'video/webm',
    size: [64, 48],
    codec: 'vp9',
    hasAlpha: true,
  },
  'alpha.mov': {
    args: [...picture('64x48'), '-c:v', 'prores_ks', '-pix_fmt', 'yuva444p10le'],
    mediaType: 'video/quicktime',
    size: [64, 48],
    codec: 'prores',
    hasAlpha: true,
  },
  'motion.avi': {
    args: [...picture('64x48'), '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
    mediaType: 'video/vnd.avi',
    size: [64, 48],
    codec: 'mjpeg',
  },
  'broadcast.ts': {
    args: [...picture('64x48'), ...H264],
    mediaType: 'video/mp2t',
    size: [64, 48],
    codec: 'h264',
  },
  'anamorphic.mp4': {
    args: [...picture('64x48'), '-vf', 'setsar=2', ...H264],
    mediaType: 'video/mp4',
    size: [128, 48],
    codec: 'h264',
  },
  'tiny.mkv': {
    args: [...picture('1x1'), '-c:v', 'ffv1'],
    mediaType: 'video/matroska',
    size: [1, 1],
    codec: 'ffv1',
  },
};

for (const [name, { args, mediaType, size, codec, ...known }] of Object.entries(SAMPLES))
  test(`takes ${name}, and says what it is`, async () => {
    const asset = await upload(await make(name, args));
    assert.deepEqual([asset.kind, asset.mediaType], ['video', mediaType]);
    assert.deepEqual([asset.width, asset.height], size);
    assert.equal(asset.video?.codec, codec);
    assert.equal(asset.video.hasAlpha, known.hasAlpha ?? false);
    assert.deepEqual(asset.video.frameRate, { num: 25, den: 1 });
    assert.ok(Math.abs(asset.video.durationMs - 2000) <= 80, `${asset.video.durationMs} ms`);
    assert.equal(asset.audio?.samples ?? null, known.hasSound === true ? 96_000 : null);
    assert.notEqual(fixture.assets.pictureSourceOf(asset)?.video, undefined);
    assert.equal(fixture.assets.soundFileOf(asset) !== null, known.hasSound ?? false);
  });

test('a video that was recorded on its side is as large as it is seen', async () => {
  const bytes = await make('side.mp4', [...picture('64x48'), ...H264]);
  // The matrix of the track (ISO/IEC 14496-12, 8.3.2): a quarter turn.
  const matrix = bytes.indexOf('tkhd') + 44;
  for (const [i, value] of [0, 0x10000, 0, -0x10000, 0, 0, 48 << 16, 0, 0x40000000].entries())
    bytes.writeInt32BE(value, matrix + i * 4);
  const asset = await upload(bytes);
  assert.deepEqual([asset.width, asset.height], [48, 64]);
});

test('the rate is the lowest that has all pictures, and no more than can be shown', async () => {
  // What is packed as frames of 30 a second and says so is taken at its word.
  const some = "select='not(mod(n\\,3))+not(mod(n\\,5))'";
  const args = [...picture('64x48', '30'), '-fps_mode', 'vfr', ...H264, '-vf'];
  const even = await upload(await make('even.mkv', [...args, some]));
  assert.deepEqual(even.video?.frameRate, { num: 30, den: 1 });
  const fast = await upload(await make('fast.mkv', [...picture('64x48', '500'), ...H264]));
  assert.deepEqual(fast.video?.frameRate, { num: 60, den: 1 });
});

test('fractions of rates stay what they are', async () => {
  const asset = await upload(await make('film.mp4', [...picture('64x48', '24000/1001'), ...H264]));
  assert.deepEqual(asset.video?.frameRate, { num: 24_000, den: 1001 });
});

test('refuses what is no video, with what is wrong with it', async () => {
  const whole = await make('whole.mp4', [...picture('64x48'), ...H264]);
  const cases: readonly (readonly [Buffer, string, RegExp])[] = [
    // The index is at the end, and gone.
    [whole.subarray(0, Math.floor(whole.length / 2)), 'SM_ASSET_BROKEN', /cannot be decoded/],
    [Buffer.concat([whole.subarray(0, 32), Buffer.alloc(4000, 7)]), 'SM_ASSET_BROKEN', /decoded/],
    [
      await make('huge.mkv', [
        ...['-f', 'lavfi', '-i', 'color=size=8704x64:rate=1:duration=1'],
        ...['-c:v', 'ffv1'],
      ]),
      'SM_ASSET_TOO_LARGE',
      /8704x64 pixels; the limit is 8192/,
    ],
  ];
  for (const [bytes, code, message] of cases)
    await assert.rejects(upload(bytes), { code, message });
});

test('a sound that cannot be decoded is no reason to refuse the pictures', async () => {
  const bytes = await make('both.mkv', [...picture('64x48'), ...SINE, ...H264, '-c:a', 'flac']);
  // What FLAC frames begin with: none is found any more.
  for (let at = bytes.indexOf(Buffer.from([0xff, 0xf8])); at >= 0;)
    at = bytes.indexOf(Buffer.from([0xff, 0xf8]), bytes.writeUInt16BE(0, at));
  const asset = await upload(bytes);
  assert.equal(asset.kind, 'video');
});
