import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isFilled,
  toColorTrack,
  toLocalTimeMs,
  toNumberTrack,
  type Track,
} from '../../src/scene/animation.js';
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

function numberTrack(animation: Animation): Track<number> {
  return toNumberTrack(
    animation,
    animation.keyframes.map(({ value }) => {
      assert.ok(typeof value === 'number');
      return value;
    }),
  );
}

function colorTrack(animation: Animation): Track<string> {
  return toColorTrack(
    animation,
    animation.keyframes.map(({ value }) => {
      assert.ok(typeof value === 'string');
      return value;
    }),
  );
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
  const track = numberTrack(animationOf());
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
      const track = numberTrack(animation);
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
  const track = numberTrack(
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
  const track = numberTrack(animationOf({ repeat: 2 }));
  assert.equal(track(200), 20);
  assert.equal(track(1000), 10, 'the second run begins');
  assert.equal(track(2200), 20);
  assert.equal(track(2999.999) < -9.9, true);
  assert.equal(track(3000), -10);
  assert.equal(track(99_999), -10);
});

test('every second run goes backwards, and it ends where that leads', () => {
  const track = numberTrack(animationOf({ repeat: 1, alternate: true }));
  assert.equal(track(999), numberTrack(animationOf())(999));
  assert.equal(track(1000), -10);
  assert.equal(track(1600), 30);
  assert.equal(track(1800), 20);
  assert.equal(track(2000), 10);
  assert.equal(track(5000), 10);
});

test('forever is the same in every run, days later, too', () => {
  const animation = animationOf({ repeat: 'forever' });
  const track = numberTrack(animation);
  for (const timeMs of [0, 123, 400, 999]) {
    assert.equal(track(timeMs + 1000), track(timeMs));
    assert.ok(Math.abs(track(timeMs + 86_400_000 * 30) - track(timeMs)) < 1e-3);
  }
  assert.equal(toLocalTimeMs(animation, 7777), 777);
});

test('a value of one keyframe stands still', () => {
  for (const atMs of [0, 500]) {
    const track = numberTrack(animationOf({ repeat: 'forever', keyframes: [{ atMs, value: 7 }] }));
    for (const timeMs of [0, 499, 500, 10_000]) assert.equal(track(timeMs), 7);
  }
});

test('a track is a function of time alone, and is a number at any time', () => {
  fc.assert(
    fc.property(
      animations,
      fc.array(fc.double({ min: -1e4, max: 1e10, noNaN: true })),
      (animation, times) => {
        const [track, other] = [numberTrack(animation), numberTrack(structuredClone(animation))];
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
  const track = colorTrack(animationOf({ property: 'fill', keyframes }));
  assert.equal(track(0), '#ff0000ff');
  assert.equal(track(50), '#80008080');
  assert.equal(track(200), '#ffffffff');
});

test('colours stay colours when their easing overshoots', () => {
  const keyframes = [
    { atMs: 0, value: '#102030', easing: 'ease-in-out-elastic' },
    { atMs: 1000, value: '#f0e0d0' },
  ];
  const track = colorTrack(animationOf({ property: 'fill', keyframes }));
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
    const track = colorTrack(animationOf({ property: 'fill', keyframes }));
    assert.match(track(50), /^#[0-9a-f]{8}$/, value);
  }
});

test('going there and back is the same way, backwards', () => {
  fc.assert(
    fc.property(animations, fc.double({ min: 0, max: 1, noNaN: true }), (animation, share) => {
      const track = numberTrack({ ...animation, delayMs: 0, repeat: 1, alternate: true });
      const durationMs = animation.keyframes.at(-1)?.atMs ?? 0;
      const atMs = share * durationMs;
      // At the turn itself, and where a value jumps, the two sides may differ by their rounding.
      if (atMs >= durationMs || animation.keyframes.some(({ easing }) => easing === 'hold')) return;
      const [there, back] = [track(atMs), track(2 * durationMs - atMs)];
      assert.ok(Math.abs(there - back) < 1e-3 * (1 + Math.abs(there)), `${there}, not ${back}`);
    }),
  );
});

test('its fill says whether a value holds before the delay and after the end', () => {
  const filled = (fill: string): boolean[] => {
    const animation = animationOf({ fill, delayMs: 100, repeat: 1 });
    return [0, 99, 100, 2099, 2100, 1e9].map((timeMs) => isFilled(animation, timeMs));
  };
  assert.deepEqual(filled('both'), [true, true, true, true, true, true]);
  assert.deepEqual(filled('none'), [false, false, true, true, false, false]);
  assert.deepEqual(filled('backwards'), [true, true, true, true, false, false]);
  assert.deepEqual(filled('forwards'), [false, false, true, true, true, true]);
});
