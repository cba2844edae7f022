import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatFrameRate,
  frameTimeMs,
  frameTimeNs,
  toFps,
  type FrameRate,
} from '../../src/core/rational.js';

const RATES: readonly FrameRate[] = [
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30, den: 1 },
  { num: 60, den: 1 },
  { num: 24_000, den: 1001 },
  { num: 30_000, den: 1001 },
  { num: 60_000, den: 1001 },
];

test('media time is the exact fraction, rounded to the nearest nanosecond', () => {
  fc.assert(
    fc.property(fc.constantFrom(...RATES), fc.nat(2 ** 40), (rate, n) => {
      const scaled = BigInt(n) * BigInt(rate.den) * 1_000_000_000n;
      const twice = frameTimeNs(n, rate) * BigInt(rate.num) * 2n - scaled * 2n;
      assert.ok(twice <= BigInt(rate.num) && twice > -BigInt(rate.num) - 1n);
    }),
  );
});

test('media time of known frames', () => {
  assert.equal(frameTimeNs(0, { num: 60, den: 1 }), 0n);
  assert.equal(frameTimeNs(1, { num: 60, den: 1 }), 16_666_667n);
  assert.equal(frameTimeNs(3, { num: 60, den: 1 }), 50_000_000n);
  assert.equal(frameTimeNs(30_000, { num: 30_000, den: 1001 }), 1_001_000_000_000n);
  // A year at 59.94: no nanosecond is lost.
  assert.equal(frameTimeNs(60_000 * 31_536, { num: 60_000, den: 1001 }), 31_567_536_000_000_000n);
  assert.equal(frameTimeMs(90, { num: 30, den: 1 }), 3000);
});

test('frames follow each other without holes, and both units agree', () => {
  fc.assert(
    fc.property(fc.constantFrom(...RATES), fc.nat(2 ** 40), (rate, n) => {
      const stepNs = Number(frameTimeNs(n + 1, rate) - frameTimeNs(n, rate));
      assert.ok(Math.abs(stepNs - (1e9 * rate.den) / rate.num) <= 1);
      const ms = frameTimeMs(n, rate);
      assert.ok(Math.abs(ms - Number(frameTimeNs(n, rate)) / 1e6) <= Math.max(1e-6, ms * 2 ** -51));
    }),
  );
});

test('rates are shown as people write them', () => {
  assert.equal(formatFrameRate({ num: 60, den: 1 }), '60');
  assert.equal(formatFrameRate({ num: 30_000, den: 1001 }), '30000/1001');
  assert.ok(Math.abs(toFps({ num: 30_000, den: 1001 }) - 29.97) < 0.001);
});
