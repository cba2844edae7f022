import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AirSound } from '../../src/scene/sound/schema.js';
import { channelOf, mixAll, soundOf, toDb } from './rig.js';

const RATE_HZ = 48_000;
/** A tone of 1 kHz in both channels has about the loudness of its peaks. */
const TONE_HZ = 1000;

const LOUDNESS = { targetLufs: -20, maxGainDb: 12 };

function soundAt(peakDb: number, master: object): AirSound {
  return soundOf({
    sources: [
      {
        id: 'tone',
        content: { kind: 'tone', frequencyHz: TONE_HZ },
        strip: { gainDb: peakDb },
      },
    ],
    master,
  });
}

/** The peak levels in dB of each second. @param parts - seconds, and what is heard for so long */
function levelsOf(parts: readonly (readonly [seconds: number, sound: AirSound])[]): number[] {
  let end = 0;
  const ends = parts.map(([seconds]) => (end += seconds * RATE_HZ));
  const samples = channelOf(
    mixAll(ends, (first) => parts[ends.findIndex((one) => first < one)]?.[1] ?? soundOf({})),
    0,
  );
  return Array.from({ length: end / RATE_HZ }, (_, second) => {
    // The last tenth of it: 100 periods.
    const part = samples.subarray((second + 0.9) * RATE_HZ, (second + 1) * RATE_HZ);
    return toDb(part.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  });
}

test('what is too quiet or too loud gets to the target within 0.5 LU, by no more than 3 dB in ten seconds', () => {
  for (const peakDb of [-26, -14]) {
    const levels = levelsOf([[30, soundAt(peakDb, { loudness: LOUDNESS })]]);
    assert.ok(Math.abs((levels.at(-1) ?? NaN) + 20) < 0.5, `${peakDb}: ${levels.at(-1)}`);
    assert.ok(Math.abs((levels[1] ?? NaN) - peakDb) < 0.01, 'nothing is done before it is known');
    levels.forEach((level, second) => {
      const before = levels[second - 10] ?? level;
      assert.ok(Math.abs(level - before) < 3.05, `second ${second}: ${before} to ${level}`);
    });
  }
});

test('silence and the noise of a room are not turned up', () => {
  const master = { loudness: LOUDNESS };
  const levels = levelsOf([
    [20, soundAt(-23, master)],
    [40, soundAt(-56, master)],
    [20, soundOf({ master })],
    [1, soundAt(-23, master)],
  ]);
  assert.ok(Math.abs((levels[19] ?? NaN) + 20) < 0.1, `${levels[19]}`);
  // With the gain that it had, to which the last 400 ms that counted may add a step.
  for (const second of [21, 40, 59])
    assert.ok(Math.abs((levels[second] ?? NaN) + 53) < 0.1, `${levels[second]}`);
  assert.equal(levels[70], -Infinity);
  assert.ok(Math.abs((levels[80] ?? NaN) + 20) < 0.1, `${levels[80]}`);
});

test('what is quiet for a while among what is loud does not count for the loudness', () => {
  const master = { loudness: LOUDNESS };
  const levels = levelsOf([
    [20, soundAt(-20, master)],
    [8, soundAt(-35, master)],
    [1, soundAt(-20, master)],
  ]);
  assert.ok(Math.abs((levels[28] ?? NaN) + 20) < 0.1, `${levels[28]}`);
});

test('the gain is bounded, and goes back as slowly as it came when it is not wanted any more', () => {
  const bounded = soundAt(-40, { loudness: { targetLufs: -10, maxGainDb: 3 } });
  const levels = levelsOf([
    [30, bounded],
    [25, soundAt(-40, {})],
  ]);
  assert.ok(Math.abs((levels[29] ?? NaN) + 37) < 0.01, `${levels[29]}`);
  assert.ok(Math.abs((levels[34] ?? NaN) + 38.5) < 0.1, `${levels[34]}`);
  assert.ok(Math.abs((levels[54] ?? NaN) + 40) < 0.001, `${levels[54]}`);
});

test('a fade of the master is not worked against', () => {
  const loudness = LOUDNESS;
  const levels = levelsOf([
    [10, soundAt(-20, { loudness })],
    [20, soundAt(-20, { loudness, gainDb: -30 })],
  ]);
  assert.ok(Math.abs((levels[29] ?? NaN) + 50) < 0.1, `${levels[29]}`);
});

test('the gain does not depend on how the clock is cut into frames', () => {
  const sound = soundAt(-26, { loudness: LOUDNESS });
  const whole = mixAll([240_000], () => sound);
  const cuts = [1, 47, 801, 4799, 4801, 40_000, 100_001, 144_000, 191_999];
  const cut = mixAll([...cuts, 240_000], () => sound);
  cut.forEach((value, i) => {
    assert.ok(Math.abs(value - (whole[i] ?? NaN)) < 1e-7, `${i}: ${value}, not ${whole[i]}`);
  });
});
