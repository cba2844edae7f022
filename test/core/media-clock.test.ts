import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstSample, MediaClock, readWallClock } from '../../src/core/media-clock.js';
import {
  isDueWith,
  MAX_SLEW_MS,
  programTimeAtWallTime,
  programTimeNow,
  programTimeOf,
  programTimeOfFrame,
  wallTimeOfFrame,
} from '../../src/core/program-clock.js';
import { frameTimeMs, type FrameRate } from '../../src/core/rational.js';

const START_MS = 1_700_000_000_000;
const RATES: readonly FrameRate[] = [
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 60, den: 1 },
  { num: 120, den: 1 },
];
/** What is left of a double for today's dates, and for sums of them. */
const ROUNDING_MS = 0.002;

function clockOf(frameRate: FrameRate): MediaClock {
  return new MediaClock({
    frameRate,
    startedAtMs: START_MS,
    startMonotonicMs: 0,
    firstDueNs: 0n,
    leadMs: 0,
  });
}

type Step = { readonly atMs: number; readonly byMs: number };

/** A wall clock that drifts and is set, and shows whole milliseconds as the system's does. */
function wallAt(monotonicMs: number, driftPpm: number, steps: readonly Step[]): number {
  const stepped = steps
    .filter(({ atMs }) => atMs <= monotonicMs)
    .reduce((sum, { byMs }) => sum + byMs, 0);
  return Math.floor(START_MS + monotonicMs * (1 + driftPpm / 1e6) + stepped);
}

/** Plays frames as the playout does. */
function* play(
  clock: MediaClock,
  rate: FrameRate,
  frames: number,
  wall: (ms: number) => number,
): Generator<{ n: number; monotonicMs: number; programTimeMs: number; wallTimeMs: number }> {
  for (let n = 0; n < frames; n++) {
    const monotonicMs = frameTimeMs(n, rate);
    if (clock.isMeasuredWith(n)) clock.measure(n, { wallMs: wall(monotonicMs), monotonicMs });
    const { programTimeMs, wallOffsetMs } = clock.timesOf(n);
    yield { n, monotonicMs, programTimeMs, wallTimeMs: programTimeMs + wallOffsetMs };
  }
}

const driftPpm = fc.double({ min: -200, max: 200, noNaN: true });
const step = fc.record({
  atMs: fc.integer({ min: 0, max: 120_000 }),
  byMs: fc.integer({ min: -30_000, max: 30_000 }).filter((ms) => Math.abs(ms) > 40),
});

test('program time never jumps, and the hour of day is right within a second of any step and drift', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RATES),
      driftPpm,
      fc.array(step, { maxLength: 3 }),
      (rate, ppm, steps) => {
        const clock = clockOf(rate);
        const frameMs = frameTimeMs(1, rate);
        const frames = Math.floor((120_000 / frameMs) * 1);
        const wall = (ms: number): number => wallAt(ms, ppm, steps);
        let before = START_MS - frameMs;
        for (const { monotonicMs, programTimeMs, wallTimeMs } of play(clock, rate, frames, wall)) {
          const correctedMs = programTimeMs - before - frameMs;
          assert.ok(Math.abs(correctedMs) <= MAX_SLEW_MS + ROUNDING_MS, `${correctedMs}`);
          before = programTimeMs;
          const isSettled = steps.every(
            ({ atMs }) => atMs > monotonicMs || atMs < monotonicMs - 1000 - frameMs,
          );
          if (isSettled) assert.ok(Math.abs(wallTimeMs - wall(monotonicMs)) < 8);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('program time has come to wall time a thousand seconds after half a minute was lost, and stays there', () => {
  for (const byMs of [30_000, -30_000]) {
    const rate = { num: 60, den: 1 };
    const clock = clockOf(rate);
    const wall = (ms: number): number => wallAt(ms, 20, [{ atMs: 5000, byMs }]);
    for (const { n, monotonicMs, programTimeMs } of play(clock, rate, 60 * 1010, wall))
      if (n > 60 * 1007) assert.ok(Math.abs(programTimeMs - wall(monotonicMs)) < 5);
  }
});

test('a clock shows every second once, although readings of the wall clock are off by some milliseconds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 60, maxLength: 60 }),
      (noise) => {
        const rate = { num: 60, den: 1 };
        const wall = (ms: number): number =>
          wallAt(ms, 100, []) + (noise[Math.floor(ms / 1000)] ?? 0);
        const seconds: number[] = [];
        for (const { wallTimeMs } of play(clockOf(rate), rate, 3600, wall)) {
          const second = Math.floor(wallTimeMs / 1000);
          if (seconds.at(-1) !== second) seconds.push(second);
        }
        const [first = 0] = seconds;
        assert.deepEqual(
          seconds,
          seconds.map((_, i) => first + i),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test('what is due with a frame comes with it, and what is due by the wall clock with the first frame that shows it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RATES),
      driftPpm,
      fc.array(step, { maxLength: 2 }),
      fc.integer({ min: 1, max: 1400 }),
      (rate, ppm, steps, frame) => {
        const clock = clockOf(rate);
        const due = {
          byFrame: {
            dueAtMs: START_MS + frameTimeMs(frame, rate),
            dueFrame: { clockStartedAtMs: START_MS, frame },
          },
          byWall: { dueAtMs: START_MS + frameTimeMs(frame, rate), dueFrame: null },
        };
        const dueFrames: number[] = [];
        let firstByWall: number | null = null;
        const wall = (ms: number): number => wallAt(ms, ppm, steps);
        for (const { n, wallTimeMs } of play(clock, rate, 1500, wall)) {
          const moment = { n, clockStartedAtMs: START_MS, wallTimeMs };
          if (isDueWith(due.byFrame, moment)) dueFrames.push(n);
          if (isDueWith(due.byWall, moment)) firstByWall ??= n;
          else assert.ok(wallTimeMs < due.byWall.dueAtMs);
        }
        assert.equal(dueFrames[0], frame);
        assert.equal(dueFrames.length, 1500 - frame);
      },
    ),
    { numRuns: 50 },
  );
});

test('the main thread works out the same times from what it was sent', () => {
  const rate = { num: 60, den: 1 };
  const clock = clockOf(rate);
  const wall = (ms: number): number => wallAt(ms, 0, [{ atMs: 4000, byMs: 30_000 }]);
  const played = [...play(clock, rate, 600, wall)];
  assert.equal(played.length, 600);
  const sent = structuredClone(clock.clock);
  assert.equal(sent.anchor.stepMs, 30_000);
  assert.equal(programTimeOfFrame(599, sent), clock.timesOf(599).programTimeMs);
  const nowNs = BigInt(Math.round(frameTimeMs(599, rate) * 1e6));
  assert.ok(Math.abs(programTimeNow(sent, nowNs, 0) - clock.timesOf(599).programTimeMs) < 0.01);
  assert.equal(programTimeNow(null, nowNs, 12), 12);
  const shownAtMs = wallTimeOfFrame(700, sent);
  assert.ok(
    Math.abs(programTimeAtWallTime(shownAtMs, sent) - programTimeOfFrame(700, sent)) < 0.01,
  );
  // It was passed over when the wall clock was set: the first frame after that shows it.
  const passed = { dueAtMs: wallTimeOfFrame(sent.anchor.frame, sent) - 10_000, dueFrame: null };
  assert.equal(programTimeOf(passed, sent), sent.anchor.programTimeMs);
});

test('samples are counted from frames exactly, over weeks and at any rate', () => {
  const ntsc = { num: 30000, den: 1001 };
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((n) => firstSample(n, ntsc)),
    [0, 1601, 3203, 4804, 6406, 8008],
  );
  assert.equal(firstSample(60, { num: 60, den: 1 }), 48_000);
  assert.equal(firstSample(-1, ntsc), -1602);
  // Five frames are 8008 samples to the last one.
  const years = 5 * 2 ** 31;
  assert.equal(firstSample(years, ntsc), 8008 * 2 ** 31);
  assert.equal(firstSample(years + 1, ntsc), 8008 * 2 ** 31 + 1601);
});

test('a reading during which the thread was interrupted is tried again, and not used when all were', () => {
  const times = [0, 50, 100, 100.5];
  const reading = readWallClock(
    () => START_MS,
    () => times.shift() ?? 0,
  );
  assert.deepEqual(reading, { wallMs: START_MS, monotonicMs: 100.25 });
  let ms = 0;
  assert.equal(
    readWallClock(
      () => START_MS,
      () => (ms += 50),
    ),
    null,
  );
});
