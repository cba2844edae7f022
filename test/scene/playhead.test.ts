import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lottieFrameAt } from '../../src/layers/lottie/view.js';
import { filmFrameAt, playheadMs } from '../../src/scene/playhead.js';

const FOREVER = { loop: true, speed: 1, startMs: 0 } as const;

function filmOf(...durationsMs: number[]): Parameters<typeof filmFrameAt>[0] {
  const part = { start: 0, bytes: 1, width: 1, height: 1 };
  return { frames: durationsMs.map((durationMs) => ({ ...part, durationMs })), plays: 0 };
}

test('runs forever, once, or as often as it is told, and then stays at its end', () => {
  assert.equal(playheadMs(2_300, 1_000, FOREVER), 300);
  assert.equal(playheadMs(2_300, 1_000, { ...FOREVER, loop: false }), 1_000);
  assert.equal(playheadMs(2_300, 1_000, { ...FOREVER, loop: 2 }), 1_000);
  assert.equal(playheadMs(2_300, 1_000, { ...FOREVER, loop: 3 }), 300);
});

test('begins when it is told, and stands at its beginning before that', () => {
  const playback = { ...FOREVER, startMs: 500 };
  assert.equal(playheadMs(0, 1_000, playback), 0);
  assert.equal(playheadMs(-100, 1_000, playback), 0);
  assert.equal(playheadMs(700, 1_000, playback), 200);
});

test('runs faster, slower, not at all, or backwards', () => {
  assert.equal(playheadMs(300, 1_000, { ...FOREVER, speed: 2 }), 600);
  assert.equal(playheadMs(300, 1_000, { ...FOREVER, speed: 0.5 }), 150);
  assert.equal(playheadMs(9_999, 1_000, { ...FOREVER, speed: 0 }), 0);
  assert.equal(playheadMs(300, 1_000, { ...FOREVER, speed: -1 }), 700);
  assert.equal(playheadMs(5_000, 1_000, { ...FOREVER, speed: -1, loop: false }), 0);
});

test('shows each frame of a film as long as it says', () => {
  const film = filmOf(100, 50, 200);
  const shown = [0, 99, 100, 149, 150, 349, 350, 9_999].map((atMs) => filmFrameAt(film, atMs));
  assert.deepEqual(shown, [0, 0, 1, 1, 2, 2, 2, 2]);
});

test('every frame of an animation of any rate is reached, none before its time', () => {
  for (const frameRate of [12, 24, 25, 29.97, 30, 50, 60]) {
    const info = { frames: 90, frameRate };
    const layer = { ...FOREVER, segment: { from: 0 } };
    for (let frame = 0; frame < 90; frame++) {
      const atMs = (frame * 1000) / frameRate;
      assert.equal(lottieFrameAt(layer, info, atMs), frame, `${frame} at ${frameRate}`);
      assert.equal(lottieFrameAt(layer, info, atMs + 0.4 * (1000 / frameRate)), frame);
    }
  }
});

test('an animation stays within its segment and shows at most sixty frames a second', () => {
  const layers = fc.record({
    loop: fc.constantFrom(true, false, 2),
    speed: fc.double({ min: -20, max: 20, noNaN: true }),
    startMs: fc.nat(5_000),
    segment: fc.record({ from: fc.nat(200), to: fc.option(fc.nat(300), { nil: undefined }) }),
  });
  const infos = fc.record({
    frames: fc.double({ min: 0.5, max: 200, noNaN: true }),
    frameRate: fc.double({ min: 1, max: 240, noNaN: true }),
  });
  fc.assert(
    fc.property(layers, infos, fc.nat(100_000), ({ segment, ...rest }, info, timeMs) => {
      const { from, to } = segment;
      const layer = { ...rest, segment: { from, ...(to === undefined ? {} : { to }) } };
      const frame = lottieFrameAt(layer, info, timeMs);
      const first = Math.min(segment.from, Math.max(0, info.frames - 1));
      const end = Math.max(first + 1, Math.min(info.frames, segment.to ?? info.frames));
      assert.ok(frame >= first && frame < end, `${frame} of ${first} to ${end}`);
      const steps = (frame - first) / Math.max(1, info.frameRate / 60);
      assert.ok(Math.abs(steps - Math.round(steps)) < 1e-6);
    }),
  );
});
