import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RealFft } from '../../src/audio/fft.js';
import { StripBallistics } from '../../src/audio/strip-ballistics.js';
import { HEARD_FIELDS } from '../../src/memory/heard-sound.js';
import { toDb } from './rig.js';

const FRAME_SAMPLES = 800;
const [PEAK, HELD, RMS, LEVEL, SPEAKING] = [0, 2, 4, 6, 7];

/** Frames of a level each: amplitude of a square wave, both channels alike. */
function follow(levels: readonly number[]): number[][] {
  const ballistics = new StripBallistics();
  return levels.map((level) => {
    const sums = new Float64Array([
      level * level * FRAME_SAMPLES,
      level * level * FRAME_SAMPLES,
      level,
      level,
    ]);
    ballistics.add(sums, FRAME_SAMPLES);
    const values = new Float32Array(HEARD_FIELDS);
    ballistics.end(values);
    return [...values];
  });
}

const burst = (frames: number): number[] => [1, ...Array<number>(frames).fill(0)];
const valueAt = (frames: readonly number[][], n: number, field: number): number =>
  frames[n]?.[field] ?? NaN;

test('everything rises with the frame that is loud', () => {
  const [first = []] = follow([1]);
  assert.deepEqual(first, [1, 1, 1, 1, 1, 1, 1, 1]);
});

test('a peak falls by 20 dB in 0.6 s, and is held for a second', () => {
  const frames = follow(burst(120));
  assert.ok(Math.abs(toDb(valueAt(frames, 36, PEAK)) + 20) < 0.01);
  assert.equal(valueAt(frames, 59, HELD), 1);
  assert.ok(valueAt(frames, 62, HELD) < 1);
});

test('the mean square falls to 37 % in 0.12 s, and the level goes by it', () => {
  const frames = follow(burst(60));
  const n = 36;
  const expected = Math.exp(-(n / 60) / 0.12);
  assert.ok(Math.abs(valueAt(frames, n, RMS) ** 2 - expected) < 1e-4);
  const share = 1 + (10 * Math.log10(expected)) / 60;
  assert.ok(Math.abs(valueAt(frames, n, LEVEL) - share) < 1e-4);
});

test('somebody who pauses for a third of a second is still speaking, and not after it', () => {
  const frames = follow(burst(30));
  assert.equal(valueAt(frames, 17, SPEAKING), 1);
  assert.equal(valueAt(frames, 20, SPEAKING), 0);
  const quiet = follow([0.001, 0.001]);
  assert.equal(valueAt(quiet, 1, SPEAKING), 0);
});

test('what is not a number is silence, and silence comes to nothing at all', () => {
  const ballistics = new StripBallistics();
  const values = new Float32Array(HEARD_FIELDS);
  ballistics.add(new Float64Array([NaN, Infinity - Infinity, NaN, NaN]), FRAME_SAMPLES);
  ballistics.end(values);
  assert.deepEqual([...values], [0, 0, 0, 0, 0, 0, 0, 0]);
  const long = follow(burst(60 * 20)).at(-1);
  assert.deepEqual(long, [0, 0, 0, 0, 0, 0, 0, 0]);
});

test('the transform is that of the definition', () => {
  const size = 64;
  const samples = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i * 0.37) + 0.2);
  const power = new Float64Array(size / 2 + 1);
  new RealFft(size).power(samples, power);
  for (let k = 0; k <= size / 2; k++) {
    let [real, imaginary] = [0, 0];
    samples.forEach((value, i) => {
      real += value * Math.cos((2 * Math.PI * k * i) / size);
      imaginary -= value * Math.sin((2 * Math.PI * k * i) / size);
    });
    assert.ok(Math.abs((power[k] ?? NaN) - (real ** 2 + imaginary ** 2)) < 1e-9, `bin ${k}`);
  }
});
