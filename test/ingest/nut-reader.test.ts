import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NutReader, type NutStream } from '../../src/ingest/nut-reader.js';

const run = promisify(execFile);

let folder: string;
let nut: Buffer;
/** The same pictures and samples without a container, and the timestamps by ffprobe. */
let pictures: string;
let samples: string;
let times: readonly (readonly [number, number])[];

const FILTERS = [
  ...['-f', 'lavfi', '-i', 'testsrc2=s=128x72:r=25:d=4'],
  ...['-f', 'lavfi', '-i', 'anoisesrc=d=4:r=48000:seed=3'],
  // Pictures at uneven times.
  ...['-vf', "select='not(eq(mod(n,7),3))',format=yuv420p", '-fps_mode', 'passthrough'],
  ...['-c:v', 'rawvideo', '-c:a', 'pcm_f32le', '-ac', '2', '-flags', '+bitexact'],
];

function collect(args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', ['-v', 'error', ...args]);
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.once('error', reject);
    child.once('close', () => {
      resolve(Buffer.concat(parts));
    });
  });
}

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sm-nut-'));
  const path = join(folder, 'it.nut');
  await run('ffmpeg', ['-v', 'error', ...FILTERS, '-f', 'nut', path]);
  nut = await collect(['-i', path, '-map', '0', '-c', 'copy', '-f', 'nut', 'pipe:1']);
  const raw = ['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'];
  pictures = md5(await collect(['-i', path, '-map', '0:v', ...raw]));
  samples = md5(await collect(['-i', path, '-map', '0:a', '-f', 'f32le', 'pipe:1']));
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-show_entries', 'packet=stream_index,pts_time', '-of', 'csv=p=0', path],
  ]);
  times = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number))
    .map(([stream = NaN, seconds = NaN]) => [stream, seconds * 1000]);
});
after(() => rm(folder, { recursive: true, force: true }));

/** What is read when the bytes come in pieces of given sizes, again and again. */
function read(sizes: readonly number[]): {
  readonly streams: readonly NutStream[];
  readonly times: readonly (readonly [number, number])[];
  readonly hashes: readonly string[];
} {
  let streams: readonly NutStream[] = [];
  const seen: (readonly [number, number])[] = [];
  const hashes = [createHash('md5'), createHash('md5')];
  let place = Buffer.alloc(0);
  const reader = new NutReader({
    onStreams: (all) => (streams = all),
    onFrame: (_stream, _ptsMs, bytes) => (place = Buffer.alloc(bytes)),
    onWhole: (stream, ptsMs) => {
      seen.push([stream, ptsMs]);
      hashes[stream]?.update(place);
    },
  });
  for (let at = 0, i = 0; at < nut.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    reader.push(nut.subarray(at, at + size));
    at += size;
  }
  return { streams, times: seen, hashes: hashes.map((hash) => hash.digest('hex')) };
}

for (const [name, sizes] of Object.entries({
  'in one piece': [Infinity],
  'byte by byte': [1],
  'in odd pieces': [13, 4099, 1, 65_536, 7],
}))
  test(`pictures, samples and their timestamps are read ${name}`, () => {
    const result = read(sizes);
    assert.deepEqual(result.streams, [
      { kind: 'video', widthPx: 128, heightPx: 72 },
      { kind: 'audio', rateHz: 48_000, channels: 2 },
    ]);
    assert.deepEqual(result.hashes, [pictures, samples]);
    assert.equal(result.times.length, times.length);
    for (const [i, [stream, ptsMs]] of result.times.entries()) {
      assert.equal(stream, times[i]?.[0]);
      assert.ok(Math.abs(ptsMs - (times[i]?.[1] ?? NaN)) < 0.01, `${ptsMs}, ${times[i]?.[1]}`);
    }
  });

test('what is no NUT, or one that is broken, is an error and never hangs', () => {
  const listener = {
    onStreams: () => undefined,
    onFrame: () => null,
    onWhole: () => undefined,
  };
  assert.throws(() => {
    new NutReader(listener).push(Buffer.from('RIFF'.repeat(100)));
  }, /no NUT/);
  let errors = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const broken = Buffer.from(nut.subarray(0, 200_000));
    for (let i = 0; i < 20; i++)
      broken[(seed * 7919 + i * 104_729) % broken.length] = (seed * i) & 255;
    try {
      new NutReader(listener).push(broken);
    } catch (error) {
      assert.ok(error instanceof Error);
      errors += 1;
    }
  }
  assert.ok(errors > 0);
});
