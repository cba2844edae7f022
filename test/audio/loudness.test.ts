import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { SoundKernels } from '../../src/audio/kernels.js';
import { type Loudness, LoudnessMeter } from '../../src/audio/loudness.js';

const RATE_HZ = 48_000;

/** Parts of a sine of 1 kHz in both channels: dBFS of its peaks, and seconds. */
type Part = readonly [dbfs: number, seconds: number];

function signalOf(parts: readonly Part[]): Float32Array {
  const seconds = parts.reduce((sum, [, length]) => sum + length, 0);
  const samples = new Float32Array(Math.round(seconds * RATE_HZ) * 2);
  let at = 0;
  for (const [dbfs, length] of parts)
    for (let i = 0; i < Math.round(length * RATE_HZ); i++, at++) {
      const value = 10 ** (dbfs / 20) * Math.sin((2 * Math.PI * 1000 * at) / RATE_HZ);
      samples.set([value, value], at * 2);
    }
  return samples;
}

function measured(samples: Float32Array): Loudness {
  const kernels = new SoundKernels();
  const meter = new LoudnessMeter(kernels);
  const block = kernels.floats(1602);
  // In frames of unequal length, as they come.
  for (let at = 0; at < samples.length; at += 1602) {
    const part = samples.subarray(at, at + 1602);
    block.set(part);
    meter.add(block, part.length / 2);
  }
  return meter.loudness;
}

/** EBU Tech 3341, the cases of stereo: parts, and the integrated loudness that is wanted, LUFS. */
const CASES: readonly (readonly [parts: readonly Part[], wanted: number])[] = [
  [[[-23, 20]], -23],
  [[[-33, 20]], -33],
  [
    [
      [-36, 10],
      [-23, 60],
      [-36, 10],
    ],
    -23,
  ],
  [
    [
      [-72, 10],
      [-36, 10],
      [-23, 60],
      [-36, 10],
      [-72, 10],
    ],
    -23,
  ],
  [
    [
      [-26, 20],
      [-20, 20.1],
      [-26, 20],
    ],
    -23,
  ],
];

for (const [index, [parts, wanted]] of CASES.entries())
  test(`EBU Tech 3341, case ${index + 1}: ${wanted} LUFS within 0.1`, () => {
    const { integrated } = measured(signalOf(parts));
    assert.ok(integrated !== null && Math.abs(integrated - wanted) <= 0.1, `${integrated} LUFS`);
  });

test('momentary and short-term loudness of a steady tone are its loudness', () => {
  const { momentary, shortTerm } = measured(signalOf([[-23, 10]]));
  assert.ok(momentary !== null && Math.abs(momentary + 23) <= 0.1, `${momentary}`);
  assert.ok(shortTerm !== null && Math.abs(shortTerm + 23) <= 0.1, `${shortTerm}`);
});

test('silence has no loudness, and neither has what is shorter than a measurement', () => {
  const none = { momentary: null, shortTerm: null, integrated: null };
  assert.deepEqual(measured(new Float32Array(10 * RATE_HZ)), none);
  assert.deepEqual(measured(signalOf([[-20, 0.3]])), none);
});

test("agrees with FFmpeg's ebur128 on noise whose level changes", async () => {
  const samples = new Float32Array(12 * RATE_HZ * 2);
  let state = 1;
  for (let i = 0; i < samples.length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    const level = 0.02 + 0.3 * Math.abs(Math.sin(i / 150_000));
    samples[i] = (state / 2 ** 31) * level;
  }
  const ffmpeg = promisify(execFile)(
    'ffmpeg',
    [
      '-nostats',
      '-f',
      'f32le',
      '-ar',
      '48000',
      '-ac',
      '2',
      '-i',
      'pipe:0',
      '-af',
      'ebur128=framelog=verbose',
      '-f',
      'null',
      '-',
    ],
    { maxBuffer: 1 << 28 },
  );
  ffmpeg.child.stdin?.end(Buffer.from(samples.buffer));
  const { stderr } = await ffmpeg;
  const reference = Number(
    /I:\s+(-?[\d.]+) LUFS/.exec(stderr.slice(stderr.lastIndexOf('Summary')))?.[1],
  );
  const { integrated } = measured(samples);
  assert.ok(Math.abs((integrated ?? NaN) - reference) <= 0.1, `${integrated}, FFmpeg ${reference}`);
});
