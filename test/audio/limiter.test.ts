import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SoundKernels } from '../../src/audio/kernels.js';
import { Limiter, LIMITER_DELAY } from '../../src/audio/limiter.js';
import { toDb } from './rig.js';

/** Puts one channel (both alike) through the limiter, and takes the delay out again. */
function limited(input: Float32Array): Float32Array {
  const kernels = new SoundKernels();
  const limiter = new Limiter(kernels, 800);
  const block = kernels.floats(1600);
  const both = new Float32Array(2 * (input.length + LIMITER_DELAY));
  input.forEach((value, i) => {
    both.set([value, value], 2 * i);
  });
  for (let at = 0; at < both.length; at += 1600) {
    const part = both.subarray(at, at + 1600);
    block.set(part);
    limiter.process(block, part.length / 2);
    part.set(block.subarray(0, part.length));
  }
  return Float32Array.from(input, (_, i) => both[2 * (i + LIMITER_DELAY)] ?? NaN);
}

/** The largest amplitude between samples, by a windowed sinc of 64 taps at eight places between each two. */
function truePeak(samples: Float32Array): number {
  let peak = 0;
  for (let i = 64; i < samples.length - 64; i++)
    for (let part = 0; part < 8; part++) {
      let sum = 0;
      for (let k = -31; k <= 32; k++) {
        const x = k - part / 8;
        const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / 33);
        const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
        sum += (samples[i + k] ?? 0) * sinc * window;
      }
      peak = Math.max(peak, Math.abs(sum));
    }
  return peak;
}

function sine(samples: number, hz: number, amplitude: number, phase = 0): Float32Array {
  return Float32Array.from(
    { length: samples },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / 48_000 + phase),
  );
}

test('what stays below the ceiling passes bit by bit', () => {
  const input = sine(9600, 440, 0.42);
  assert.deepEqual(limited(input), input);
});

test('nothing is above -1 dBTP, also between the samples', () => {
  // A quarter of the sampling rate between two peaks is 3 dB above its samples.
  const signals = [
    sine(9600, 12_000, 1, Math.PI / 4),
    sine(9600, 997, 4),
    sine(9600, 40, 2),
    Float32Array.from({ length: 9600 }, (_, i) => (i % 4800 < 40 ? 3 : 0.01)),
    Float32Array.from({ length: 9600 }, (_, i) => ((i * 7919) % 101 > 50 ? 1.2 : -1.2)),
  ];
  for (const [index, signal] of signals.entries()) {
    const peak = toDb(truePeak(limited(signal)));
    assert.ok(peak <= -0.8, `signal ${index}: ${peak} dBTP`);
    assert.ok(peak > -6, `signal ${index} is far too low: ${peak} dBTP`);
  }
});

test('what is not a number becomes silence, and what comes after it is as it was', () => {
  const input = sine(4800, 440, 0.4);
  const spoilt = Float32Array.from(input);
  spoilt.set([NaN, Infinity, -Infinity], 2000);
  const output = limited(spoilt);
  output.forEach((value, i) => {
    const isSpoilt = i >= 2000 && i < 2003;
    assert.equal(value, isSpoilt ? 0 : input[i], `sample ${i}`);
  });
});
