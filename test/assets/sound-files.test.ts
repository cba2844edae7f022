import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openFixture, type Fixture } from './fixture.js';

/** Files of sound that are packed as films are. */

const run = promisify(execFile);
const SINE = ['-f', 'lavfi', '-i', 'sine=r=48000:d=2'];
const PICTURE = ['-f', 'lavfi', '-i', 'color=size=64x64:duration=2'];

let fixture: Fixture;
let folder: string;
before(async () => {
  fixture = await openFixture();
  folder = await mkdtemp(join(tmpdir(), 'sm-sound-files-'));
  await run('ffmpeg', ['-v', 'error', ...PICTURE, '-frames:v', '1', join(folder, 'cover.png')]);
});
after(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

async function make(name: string, args: readonly string[]): Promise<Buffer> {
  const path = join(folder, name);
  await run('ffmpeg', ['-v', 'error', '-y', ...args, path], { cwd: folder });
  return readFile(path);
}

const COVER = ['-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v', 'attached_pic'];

const SOUNDS: readonly (readonly [name: string, mediaType: string, args: readonly string[]])[] = [
  ['plain.mp4', 'audio/mp4', [...SINE, '-c:a', 'aac']],
  ['cover.mp4', 'audio/mp4', [...SINE, '-i', 'cover.png', ...COVER, '-c:a', 'aac']],
  ['plain.webm', 'audio/webm', [...SINE, '-c:a', 'libopus']],
  ['plain.mka', 'audio/matroska', [...SINE, '-c:a', 'flac']],
  [
    'cover.mka',
    'audio/matroska',
    [...SINE, '-attach', 'cover.png', '-metadata:s:t', 'mimetype=image/png', '-c:a', 'flac'],
  ],
];
for (const [name, mediaType, args] of SOUNDS)
  test(`takes ${name}, which contains nothing but sound, as ${mediaType}`, async () => {
    const asset = await fixture.assets.upload({ id: null, name, bytes: await make(name, args) });
    assert.deepEqual([asset.kind, asset.mediaType], ['audio', mediaType]);
    assert.equal(asset.audio?.samples, 96_000);
    assert.equal(asset.audio.durationMs, 2000);
    assert.notEqual(fixture.assets.soundFileOf(asset), null);
  });
