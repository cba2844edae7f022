import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { readdirSync, readFileSync } from 'node:fs';
import { firstSample } from '../../src/core/media-clock.js';
import type { Command } from '../../src/state/command.js';
import { steepestStep } from '../support/heard.js';
import { largestStep, sineAmplitude, toDb } from './rig.js';
import { assetOf } from '../state/samples.js';
import { makeSound, sine, TrackRig } from './track-rig.js';

/** Files, playlists and clips, decoded by FFmpeg and mixed to the sample. */

let rig: TrackRig;
before(async () => {
  rig = await TrackRig.open();
});
after(() => rig.close());
afterEach(async () => {
  for (const { id } of rig.state.sound.sources) rig.remove(id);
  await rig.mix(2400);
});

/** Whole periods of it are in a tenth of a second, so that laps of a loop follow on each other without a step. */
const HZ = 1000;
const AMPLITUDE = 0.5;
const LAP = 96_000;

function firstHeard(samples: Float32Array, threshold = 1e-6): number {
  return samples.findIndex((value) => Math.abs(value) > threshold);
}

/** LAME makes everything a little quieter: by its default scale of 0.97. */
const LAME_SCALE = 0.97;

const FORMATS: readonly (readonly [ending: string, args: readonly string[]])[] = [
  ['wav', ['-c:a', 'pcm_s24le']],
  ['flac', ['-c:a', 'flac']],
  ['mp3', ['-c:a', 'libmp3lame', '-b:a', '192k']],
  ['ogg', ['-c:a', 'libvorbis', '-q:a', '6']],
  ['opus', ['-c:a', 'libopus', '-b:a', '160k']],
  ['m4a', ['-c:a', 'aac', '-b:a', '192k']],
];

for (const [ending, args] of FORMATS)
  test(`a looped ${ending} comes round after exactly its length, without a step`, async () => {
    await rig.makeAsset(`loop-${ending}`, sine(LAP), ending, args);
    const first = rig.next;
    rig.create('loop', { kind: 'file', asset: `loop-${ending}`, loop: true });
    await rig.mix(3 * LAP + 9600);
    const heard = rig.left(first, 3 * LAP);
    assert.equal(firstHeard(heard.subarray(0, 4800), 0.01) < 48, true, 'begins at once');
    for (const lap of [0, 1, 2]) {
      // Codecs begin and end softly; in the middle all laps are the same.
      const middle = heard.subarray(lap * LAP + 24_000, lap * LAP + 72_000);
      const encoded = ending === 'mp3' ? AMPLITUDE * LAME_SCALE : AMPLITUDE;
      const level = toDb(sineAmplitude(middle, HZ) / encoded);
      assert.ok(Math.abs(level) < 0.1, `lap ${lap}: ${level} dB`);
      const again = heard.subarray(24_000, 72_000);
      assert.ok(
        middle.every((value, i) => Math.abs(value - (again[i] ?? NaN)) < 0.01),
        `lap ${lap} is the first one again`,
      );
    }
    const seam = heard.subarray(LAP - 2400, LAP + 2400);
    assert.ok(largestStep(seam) < 1.5 * steepestStep(AMPLITUDE, HZ), 'no step at the seam');
    // Nowhere near the seam is there a gap: every period is as loud as the others.
    for (let at = 0; at < 4800; at += 48) {
      const peak = Math.max(...seam.subarray(at, at + 48));
      assert.ok(peak > 0.7 * AMPLITUDE, `${peak} at ${at - 2400} from the seam`);
    }
    await rig.mix(2400);
  });

test('a long loop is decoded anew each lap, and comes round without a step all the same', async () => {
  const lap = 25 * 48_000;
  await rig.makeAsset('long', sine(lap));
  const first = rig.next;
  rig.create('long', { kind: 'file', asset: 'long', loop: true });
  await rig.mix(lap + 48_000, 4800);
  const heard = rig.left(first, lap + 24_000);
  assert.ok(largestStep(heard) <= steepestStep(AMPLITUDE, HZ) * 1.01);
  assert.ok(Math.abs(sineAmplitude(heard.subarray(lap - 4800, lap + 4800), HZ) - AMPLITUDE) < 1e-3);
});

test('a file is played from its in point to its out point, with soft edges', async () => {
  // What is before the in point and after the out point is louder.
  await rig.makeAsset(
    'parts',
    `aevalsrc=exprs=if(between(t\\,1\\,2)\\,0.25\\,0.9)*sin(2*PI*1000*t):s=48000:d=3`,
  );
  const first = rig.next;
  rig.create('part', { kind: 'file', asset: 'parts', inMs: 1000, outMs: 2000 });
  await rig.mix(72_000);
  const heard = rig.left(first, 60_000);
  assert.ok(Math.max(...heard) < 0.26);
  assert.ok(Math.abs(sineAmplitude(heard.subarray(4800, 43_200), HZ) - 0.25) < 1e-3);
  assert.ok(largestStep(heard) <= steepestStep(0.25, HZ) * 1.05);
  assert.equal(Math.max(...heard.subarray(48_000).map(Math.abs)), 0);
  assert.ok(rig.told.some(({ type, sample }) => type === 'ended' && sample === first + 48_000));
});

test('100 of 100 clips begin with the first sample of their frame', async () => {
  await rig.makeAsset('blip', sine(960, 2000));
  const rates = [
    { num: 60, den: 1 },
    { num: 30_000, den: 1001 },
    { num: 25, den: 1 },
  ];
  for (let i = 0; i < 100; i++) {
    const rate = rates[i % 3] ?? { num: 60, den: 1 };
    // It is scheduled: decoded while the document of now is heard.
    const frame = Math.ceil((rig.next * rate.num) / rate.den / 48_000) + 1 + (i % 7);
    const start = firstSample(frame, rate);
    await rig.mix(start - rig.next);
    const clip = { id: `blip-${i}`, content: { kind: 'file', asset: 'blip' } };
    rig.do({ type: 'sound.clip.play', clip, atMs: rig.nowMs });
    await rig.decoded();
    await rig.mix(2000);
    const heard = rig.left(start - 400, 1600);
    // The first sample of a sine is 0.
    assert.equal(firstHeard(heard), 401, `clip ${i}`);
    const began = rig.told.find((one) => one.type === 'started' && one.key.includes(`blip-${i} `));
    assert.equal(began?.sample, start);
    assert.deepEqual(rig.state.sound.clips, []);
  }
});

test('what is paused goes on where it was, and what is sought plays from there', async () => {
  // Its frequency says where in the file it is.
  await rig.makeAsset('sweep', `aevalsrc=exprs=0.4*sin(2*PI*1000*t)*(1+floor(t)):s=48000:d=2`);
  await rig.makeAsset('steps', `aevalsrc=exprs=0.1*(1+floor(t))*sin(2*PI*1000*t):s=48000:d=5`);
  const first = rig.next;
  rig.create('steps', { kind: 'file', asset: 'steps' });
  const transport = (action: Extract<Command, { type: 'sound.transport' }>['action']): void => {
    rig.do({ type: 'sound.transport', sourceId: 'steps', action, atMs: rig.nowMs });
  };
  await rig.mix(24_000);
  transport({ type: 'pause' });
  await rig.mix(48_000);
  transport({ type: 'play' });
  await rig.mix(24_000);
  const heard = rig.left(first, 90_000);
  assert.equal(Math.max(...heard.subarray(24_300, 71_900).map(Math.abs)), 0);
  // The fade of 5 ms has taken 240 samples, so that 23,760 of its first second were left.
  assert.ok(Math.abs(sineAmplitude(heard.subarray(76_800, 86_400), HZ) - 0.1) < 1e-3);
  assert.ok(largestStep(heard) <= steepestStep(0.1, HZ) * 1.1);
  transport({ type: 'seek', positionMs: 3500 });
  await rig.decoded();
  const sought = rig.next;
  await rig.mix(48_000);
  const later = rig.left(sought, 47_000);
  assert.ok(Math.abs(sineAmplitude(later.subarray(4800, 19_200), HZ) - 0.4) < 1e-3);
  assert.ok(Math.abs(sineAmplitude(later.subarray(28_800, 38_400), HZ) - 0.5) < 1e-3);
});

/** Processes of FFmpeg that this one has started. */
function decoders(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [, parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(parent) === process.pid && stat.includes('(ffmpeg)') ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

test('a decoder that is killed, and a mixer that is replaced, cost no sample', async () => {
  await rig.makeAsset('steady', sine(30 * 48_000));
  const first = rig.next;
  rig.create('steady', { kind: 'file', asset: 'steady' });
  await rig.mix(24_000);
  for (const pid of decoders()) process.kill(pid, 'SIGKILL');
  await rig.mix(5 * 48_000);
  const heard = rig.left(first, 5 * 48_000);
  assert.ok(largestStep(heard) <= steepestStep(AMPLITUDE, HZ) * 1.01);
  assert.ok(
    rig.published.some(
      ({ type, data }) => type === 'audio-track.failed' && data['retries'] === true,
    ),
  );
  const before = rig.next;
  rig.replaceMixer();
  await rig.mix(24_000);
  // It fades in, at the place where the other one was.
  const later = rig.left(before + 4800, 9600);
  assert.ok(Math.abs(sineAmplitude(later, HZ) - AMPLITUDE) < 1e-3);
});

test('what cannot be decoded is told, and costs the others nothing', async () => {
  const bad = {
    text: Buffer.from('This is no sound. '.repeat(500)),
    zeros: Buffer.alloc(100_000),
    cut: readFileSync(join(rig.folder, 'loop-m4a.m4a')).subarray(0, 3000),
  };
  for (const [id, bytes] of Object.entries(bad)) {
    const path = join(rig.folder, `${id}.wav`);
    await writeFile(path, bytes);
    await assert.rejects(rig.addAsset(id, path), { code: 'SM_ASSET_BROKEN' });
  }
  const silent = join(rig.folder, 'silent.mp4');
  await makeSound(silent, 'color=size=32x32:duration=1', ['-pix_fmt', 'yuv420p']);
  await assert.rejects(rig.addAsset('silent', silent), /contains no sound/);
  // One that vanishes after it was taken.
  await rig.makeAsset('gone', sine(48_000));
  await writeFile(join(rig.folder, 'gone.wav'), bad.text);
  await rig.makeAsset('other', sine(48_000, 1000, 0.3));
  const entries = ['gone', 'other'].map((id) => ({ kind: 'file', asset: id }));
  rig.create('list', { kind: 'playlist', entries, repeat: false });
  await rig.mix(48_000);
  assert.ok(Math.abs(sineAmplitude(rig.left(rig.next - 24_000, 9600), 1000) - 0.3) < 1e-3);
  const failed = rig.published.filter(({ type }) => type === 'audio-track.failed').at(-1);
  assert.deepEqual(failed?.data, {
    source: 'list',
    reason: 'It is not in a format that can be decoded, or it is broken.',
    retries: false,
  });
});

test('queued clips of a bus are played one after the other, the most important first', async () => {
  await rig.makeAsset('short', sine(4800, 1000, 0.3));
  const play = (id: string, priority: number): void => {
    const clip = { id, priority, policy: 'queue', content: { kind: 'file', asset: 'short' } };
    rig.do({ type: 'sound.clip.play', clip, atMs: rig.nowMs });
  };
  play('first', 10);
  await rig.decoded();
  await rig.mix(800);
  play('low', 10);
  play('high', 90);
  await rig.decoded();
  await rig.mix(24_000);
  const begun = rig.published
    .filter(({ type }) => type === 'audio-clip.started')
    .map(({ data }) => data['id']);
  assert.deepEqual(begun.slice(-3), ['first', 'high', 'low']);
  assert.deepEqual(rig.state.sound.clips, []);
});

test('a clip that could never be heard is refused, and holds up no queue', () => {
  rig.do({ type: 'asset.put', asset: assetOf({ id: 'picture' }) });
  const play = (asset: string): void => {
    const clip = { id: asset, policy: 'queue', content: { kind: 'file', asset } };
    rig.do({ type: 'sound.clip.play', clip, atMs: rig.nowMs });
  };
  assert.throws(() => {
    play('nothing');
  }, /There is no asset nothing/);
  assert.throws(() => {
    play('picture');
  }, /picture is not an audio file/);
  assert.deepEqual(rig.state.sound.clips, []);
});

test('markers of a clip are told with their sample', async () => {
  await rig.makeAsset('marked', sine(24_000, 1000, 0.3));
  const markers = [{ id: 'drop', atMs: 250 }];
  const clip = { id: 'marked', content: { kind: 'file', asset: 'marked' }, markers };
  rig.do({ type: 'sound.clip.play', clip, atMs: rig.nowMs });
  await rig.decoded();
  const first = rig.next;
  await rig.mix(28_000);
  const [told] = rig.told.filter(({ type }) => type === 'marker');
  assert.deepEqual(told, {
    type: 'marker',
    clipId: 'marked',
    marker: 'drop',
    sample: first + 12_000,
  });
});
