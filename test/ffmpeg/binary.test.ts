import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import { chooseEncoder } from '../../src/output/choose-encoder.js';
import { X264_PRESETS } from '../../src/output/encoder-settings.js';
import { findFfmpeg, parseEncoderNames } from '../../src/ffmpeg/binary.js';

let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmpeg-binary-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

function code(expected: string, text: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof AppError && error.code === expected && text.test(error.message);
}

test('finds the FFmpeg of the system', async () => {
  const ffmpeg = await findFfmpeg(null);
  assert.match(ffmpeg.path, /ffmpeg$/);
  assert.ok(ffmpeg.avutil.major >= 56);
});

test('says what to do when FFmpeg is missing, something else, too old or without x264', async () => {
  const missing = code('SM_FFMPEG_MISSING', /apt-get install ffmpeg/);
  await assert.rejects(findFfmpeg(join(folder, 'nothing')), missing);
  await assert.rejects(findFfmpeg(await program('other', 'echo hello')), missing);
  const old = await program('old', 'echo "ffmpeg version 4.1"; echo "libavutil      56. 22.100"');
  await assert.rejects(findFfmpeg(old), code('SM_FFMPEG_TOO_OLD', /4\.4 or newer/));
  const bare = await program(
    'bare',
    'echo "ffmpeg version N-1-g1"; echo "libavutil  60. 1.100"; echo " A....D aac     AAC"',
  );
  await assert.rejects(findFfmpeg(bare), code('SM_FFMPEG_ENCODER', /without libx264/));
});

test('reads the names of the encoders', () => {
  const names = parseEncoderNames(' V..... = Video\n V....D libx264   H.264\n A....D aac  AAC\n');
  assert.deepEqual([...names], ['libx264', 'aac']);
});

test('measures a preset once and remembers it', async () => {
  const ffmpeg = await findFfmpeg(null);
  // So many frames a second that the fastest preset is too dear on any machine: measured in no time.
  const frameRate = { num: 12_000, den: 1 };
  const format = { width: 640, height: 360, frameRate, bitrateBps: 500_000 };
  const request = { ffmpeg, format, preset: 'auto', cores: 2, dataDir: folder };
  const first = await chooseEncoder(request);
  assert.ok(first.codec === 'libx264' && X264_PRESETS.includes(first.preset));
  const stored = join(folder, 'encoder-presets.json');
  const text = await readFile(stored, 'utf8');
  await writeFile(stored, text.replace(`"${first.preset}"`, '"superfast"'));
  const second = await chooseEncoder(request);
  assert.ok(second.codec === 'libx264' && second.preset === 'superfast');
});

test('a hardware encoder that this machine does not have is a clear error', async () => {
  const ffmpeg = await findFfmpeg(null);
  const format = {
    width: 320,
    height: 180,
    frameRate: { num: 30, den: 1 },
    bitrateBps: 500_000,
  };
  const request = { ffmpeg, format, cores: 2, dataDir: folder };
  await assert.rejects(
    chooseEncoder({ ...request, preset: 'h264_videotoolbox' }),
    code('SM_FFMPEG_ENCODER', /cannot encode with h264_videotoolbox: .*Use the preset auto/),
  );
});
