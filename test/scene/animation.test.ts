import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toColorTrack, toLocalTimeMs, toNumberTrack } from '../../src/scene/animation.js';
import { AnimationSchema, type Animation } from '../../src/scene/schema/animation.js';
import { EasingSchema } from '../../src/scene/schema/values.js';

function animationOf(fields: Record<string, unknown> = {}): Animation {
  const keyframes = [
    { atMs: 0, value: 10 },
    { atMs: 400, value: 30 },
    { atMs: 1000, value: -10 },
  ];
  return AnimationSchema.parse({ property: 'x', keyframes, ...fields });
}

const animations = fc
  .record({
    times: fc.uniqueArray(fc.nat(5000), { minLength: 1, maxLength: 6 }),
    values: fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), {
      minLength: 6,
      maxLength: 6,
    }),
    easing: fc.constantFrom(
      'linear',
      'hold',
      'ease',
      'ease-in-elastic',
      'ease-out-back',
      'ease-in-expo',
    ),
    repeat: fc.oneof(fc.nat(3), fc.constant('forever')),
    alternate: fc.boolean(),
    delayMs: fc.nat(1000),
  })
  .map(({ times, values, easing, ...rest }) =>
    animationOf({
      ...rest,
      keyframes: times
        .sort((a, b) => a - b)
        .map((atMs, i) => ({ atMs, value: values[i] ?? 0, easing: EasingSchema.parse(easing) })),
    }),
  );

test('a value runs from keyframe to keyframe, and stays at the last', () => {
  const track = toNumberTrack(animationOf());
  const expected = [
    [-100, 10],
    [0, 10],
    [200, 20],
    [400, 30],
    [700, 10],
    [1000, -10],
    [1e9, -10],
  ] as const;
  for (const [timeMs, value] of expected) assert.equal(track(timeMs), value, `at ${timeMs} ms`);
});

test('keyframes are hit exactly, whatever the easing', () => {
  fc.assert(
    fc.property(animations, (animation) => {
      const track = toNumberTrack(animation);
      const { keyframes, delayMs } = animation;
      const last = keyframes.at(-1);
      keyframes.forEach(({ atMs, value }, i) => {
        // At its end, a run that is not the last begins anew.
        if (last?.atMs === atMs && i > 0 && animation.repeat !== 0) return;
        assert.ok(Math.abs(track(delayMs + atMs) - Number(value)) < 1e-9);
      });
    }),
  );
});

test('before its delay, and before its first keyframe, it has its first value', () => {
  const track = toNumberTrack(
    animationOf({
      delayMs: 300,
      keyframes: [
        { atMs: 200, value: 1 },
        { atMs: 400, value: 2 },
      ],
    }),
  );
  for (const timeMs of [0, 299, 300, 499, 500]) assert.equal(track(timeMs), 1);
  assert.equal(track(600), 1.5);
  assert.equal(track(700), 2);
});

test('it runs again as often as it should, and ends with its last value', () => {
  const track = toNumberTrack(animationOf({ repeat: 2 }));
  assert.equal(track(200), 20);
  assert.equal(track(1000), 10, 'the second run begins');
  assert.equal(track(2200), 20);
  assert.equal(track(2999.999) < -9.9, true);
  assert.equal(track(3000), -10);
  assert.equal(track(99_999), -10);
});

test('every second run goes backwards, and it ends where that leads', () => {
  const track = toNumberTrack(animationOf({ repeat: 1, alternate: true }));
  assert.equal(track(999), toNumberTrack(animationOf())(999));
  assert.equal(track(1000), -10);
  assert.equal(track(1600), 30);
  assert.equal(track(1800), 20);
  assert.equal(track(2000), 10);
  assert.equal(track(5000), 10);
});

test('forever is the same in every run, days later, too', () => {
  const animation = animationOf({ repeat: 'forever' });
  const track = toNumberTrack(animation);
  for (const timeMs of [0, 123, 400, 999]) {
    assert.equal(track(timeMs + 1000), track(timeMs));
    assert.ok(Math.abs(track(timeMs + 86_400_000 * 30) - track(timeMs)) < 1e-3);
  }
  assert.equal(toLocalTimeMs(animation, 7777), 777);
});

test('a value of one keyframe stands still', () => {
  for (const atMs of [0, 500]) {
    const track = toNumberTrack(
      animationOf({ repeat: 'forever', keyframes: [{ atMs, value: 7 }] }),
    );
    for (const timeMs of [0, 499, 500, 10_000]) assert.equal(track(timeMs), 7);
  }
});

test('a track is a function of time alone, and is a number at any time', () => {
  fc.assert(
    fc.property(
      animations,
      fc.array(fc.double({ min: -1e4, max: 1e10, noNaN: true })),
      (animation, times) => {
        const [track, other] = [
          toNumberTrack(animation),
          toNumberTrack(structuredClone(animation)),
        ];
        const forward = times.map(track);
        assert.ok(forward.every(Number.isFinite));
        assert.deepEqual([...times].reverse().map(other).reverse(), forward);
      },
    ),
  );
});

test('colours are mixed in sRGB, with their alpha', () => {
  const keyframes = [
    { atMs: 0, value: '#ff0000' },
    { atMs: 100, value: 'rgb(0 0 255 / 0)' },
    { atMs: 200, value: 'white' },
  ];
  const track = toColorTrack(animationOf({ property: 'fill', keyframes }));
  assert.equal(track(0), '#ff0000ff');
  assert.equal(track(50), '#80008080');
  assert.equal(track(200), '#ffffffff');
});

test('colours stay colours when their easing overshoots', () => {
  const keyframes = [
    { atMs: 0, value: '#102030', easing: 'ease-in-out-elastic' },
    { atMs: 1000, value: '#f0e0d0' },
  ];
  const track = toColorTrack(animationOf({ property: 'fill', keyframes }));
  for (let timeMs = 0; timeMs <= 1000; timeMs += 10)
    assert.match(track(timeMs), /^#[0-9a-f]{6,8}$/);
});

test('transparent and wide colours can be mixed', () => {
  for (const value of [
    'transparent',
    'oklch(0.7 0.1 200)',
    'color(display-p3 1 0 0)',
    'rgb(none 0 0)',
  ]) {
    const keyframes = [
      { atMs: 0, value },
      { atMs: 100, value: '#00ff00' },
    ];
    const track = toColorTrack(animationOf({ property: 'fill', keyframes }));
    assert.match(track(50), /^#[0-9a-f]{8}$/, value);
  }
});
