import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SoundKernels } from '../../src/audio/kernels.js';
import { NoiseGenerator, PINK_POLES } from '../../src/audio/noise.js';

const MOST = 1024;

/** The finaliser of MurmurHash3, as a number from -1 to 1. */
function hashed(index: number): number {
  let bits = index | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  bits ^= bits >>> 16;
  return bits / 2 ** 31;
}

/** Noise from a sample on, in blocks of the given lengths. */
function made(first: number, counts: readonly number[], isPink: boolean): number[] {
  const generator = new NoiseGenerator(new SoundKernels(), MOST);
  const poles = isPink ? new Float64Array(PINK_POLES) : null;
  let at = first;
  return counts.flatMap((count) => {
    const target = new Float32Array(2 * count);
    generator.render(at, count, target, poles);
    at += count;
    return [...target];
  });
}

test('white noise follows from the numbers of its samples, also after days', () => {
  for (const first of [0, 47_999, 48_000 * 86_400 * 30]) {
    const wanted = Array.from({ length: 2000 }, (_, i) => Math.fround(hashed(first * 2 + i)));
    assert.deepEqual(made(first, [1000], false), wanted);
    assert.deepEqual(made(first, [1, 2, 3, 501, 493], false), wanted);
  }
});

test('pink noise is white noise through three poles a channel', () => {
  const wanted: number[] = [];
  const poles = [0, 1].map(() => ({ a: 0, b: 0, c: 0 }));
  for (let i = 0; i < 2000; i++) {
    const white = hashed(i);
    const state = poles[i % 2];
    assert.ok(state !== undefined);
    state.a = 0.99765 * state.a + white * 0.099046;
    state.b = 0.963 * state.b + white * 0.2965164;
    state.c = 0.57 * state.c + white * 1.0526913;
    wanted.push(Math.fround((state.a + state.b + state.c + white * 0.1848) * 0.2));
  }
  assert.deepEqual(made(0, [1000], true), wanted);
  assert.deepEqual(made(0, [1, 2, 3, 501, 493], true), wanted);
});
