import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { SoundKernels } from '../../src/audio/kernels.js';
import { TruePeaks } from '../../src/audio/true-peak.js';

const run = promisify(execFile);

async function referenceOf(samples: Float32Array): Promise<number> {
  const measuring = run(
    'ffmpeg',
    [
      ...['-nostats', '-f', 'f32le', '-ar', '48000', '-ac', '2', '-i', 'pipe:0'],
      ...['-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'],
    ],
    { maxBuffer: 1 << 28 },
  );
  measuring.child.stdin?.end(Buffer.from(samples.buffer));
  const { stderr } = await measuring;
  return Number(/True peak:\s+Peak:\s+(-?[\d.]+) dBFS/.exec(stderr)?.[1]);
}

/** With a slow begin and end: what breaks off rings differently in every filter. */
function stereo(samples: number, value: (i: number) => number): Float32Array {
  const edge = (i: number): number => Math.min(1, i / 4800, (samples - i) / 4800);
  return Float32Array.from({ length: samples * 2 }, (_, i) => edge(i >> 1) * value(i >> 1));
}

const angle = (hz: number, i: number): number => (2 * Math.PI * hz * i) / 48_000;

for (const [name, signal] of [
  [
    'a tone whose peaks lie between samples',
    (i: number) => 0.7 * Math.sin(angle(12_000, i) + Math.PI / 4),
  ],
  ['a low tone', (i: number) => 0.5 * Math.sin(angle(100, i))],
  [
    'a chord',
    (i: number) =>
      0.2 * [440, 1318.5, 5274, 9956].reduce((sum, hz) => sum + Math.sin(angle(hz, i) + hz), 0),
  ],
  ['a square wave', (i: number) => (i % 96 < 48 ? 0.5 : -0.5)],
] as const)
  test(`true peak: ${name} is within 0.2 dB of FFmpeg's`, async () => {
    const samples = stereo(96_000, signal);
    const kernels = new SoundKernels();
    const truePeaks = new TruePeaks(kernels, 800);
    const block = kernels.floats(1600);
    let largest = 0;
    for (let at = 0; at < samples.length; at += 1600) {
      block.set(samples.subarray(at, at + 1600));
      largest = Math.max(largest, truePeaks.measure(block, 800));
    }
    const peak = 20 * Math.log10(largest);
    const reference = await referenceOf(samples);
    assert.ok(Math.abs(peak - reference) <= 0.2, `${peak} dBTP, FFmpeg ${reference}`);
  });
