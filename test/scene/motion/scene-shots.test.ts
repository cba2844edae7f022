import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shotsAt, type Shot } from '../../../src/scene/motion/scene-shots.js';
import {
  type SceneTransition,
  type SceneTransitionInput,
  SceneTransitionSchema,
} from '../../../src/scene/schema/scene-transition.js';

const ASPECT = 16 / 9;
const DIRECTIONS = ['left', 'right', 'up', 'down'] as const;

const EVERY: readonly SceneTransitionInput[] = [
  { type: 'fade' },
  { type: 'fade-color', color: '#ffffff' },
  ...DIRECTIONS.flatMap((direction): SceneTransitionInput[] => [
    { type: 'slide', direction },
    { type: 'push', direction },
    { type: 'wipe', direction },
    { type: 'wipe', direction, softness: 0 },
    { type: 'wipe', direction, softness: 1 },
  ]),
  { type: 'iris' },
  { type: 'iris', center: { x: 0.1, y: 1 }, softness: 0.3 },
  { type: 'zoom', direction: 'in' },
  { type: 'zoom', direction: 'out', center: { x: 0, y: 0.2 }, scale: 5 },
  { type: 'luma', asset: 'clouds' },
  { type: 'luma', asset: 'clouds', inverted: true },
  { type: 'stinger', asset: 'logo', cutAtMs: 400 },
];

function parsed(input: SceneTransitionInput): SceneTransition {
  return SceneTransitionSchema.parse(input);
}

/** With an even pace, where it has one. */
function evenly(input: SceneTransitionInput): SceneTransition {
  const transition = parsed(input);
  return 'easing' in transition ? { ...transition, easing: 'linear' } : transition;
}

/** How much of a shot is seen at a place, as the mask of the kernels has it: clamp01(gain · d + bias). */
function coverAt(
  { ramp, luma, opacity, offsetX, offsetY, scale }: Shot,
  x: number,
  y: number,
  brightness: number,
): number {
  const [sceneX, sceneY] = [(x - offsetX) / scale, (y - offsetY) / scale];
  if (sceneX < 0 || sceneX > 1 || sceneY < 0 || sceneY > 1) return 0;
  const clamped = (value: number): number => Math.min(1, Math.max(0, value));
  if (luma !== null) return opacity * clamped(luma.gain * brightness + luma.bias);
  if (ramp === null) return opacity;
  const d =
    ramp.type === 'linear'
      ? ramp.nx * x + ramp.ny * y
      : Math.hypot((x - ramp.cx) / ramp.rx, (y - ramp.cy) / ramp.ry);
  return opacity * clamped(ramp.gain * d + ramp.bias);
}

/** Share of the new scene in what is seen at a place. */
function newAt(
  transition: SceneTransition,
  share: number,
  x: number,
  y: number,
  brightness = 0.5,
): number {
  let seen = 0;
  for (const shot of shotsAt(transition, share, ASPECT).shots) {
    const cover = coverAt(shot, x, y, brightness);
    seen = seen * (1 - cover) + (shot.which === 'to' ? cover : 0);
  }
  return seen;
}

test('every transition begins with the old scene alone and ends with the new one alone', () => {
  for (const input of EVERY) {
    const transition = parsed(input);
    const [first, last] = [shotsAt(transition, 0, ASPECT), shotsAt(transition, 1, ASPECT)];
    assert.deepEqual(first.shots, [{ ...first.shots[0], which: 'from' }], input.type);
    assert.deepEqual(last.shots, [{ ...first.shots[0], which: 'to' }], input.type);
    assert.equal(last.overlay, null);
  }
});

const places = fc.double({ min: 0.001, max: 0.999, noNaN: true });

test('it begins and ends without a jump, but for stingers and colours, which cut under cover', () => {
  const smooth = EVERY.filter(({ type }) => !['stinger', 'fade-color'].includes(type));
  fc.assert(
    fc.property(fc.constantFrom(...smooth), places, places, places, (input, x, y, brightness) => {
      const transition = evenly(input);
      assert.ok(newAt(transition, 1e-7, x, y, brightness) < 0.01, 'at the beginning');
      assert.ok(newAt(transition, 1 - 1e-7, x, y, brightness) > 0.99, 'at the end');
    }),
  );
});

test('what has given way once does not come back', () => {
  const wipes = EVERY.filter(({ type }) =>
    ['fade', 'slide', 'push', 'wipe', 'iris', 'luma'].includes(type),
  );
  fc.assert(
    fc.property(fc.constantFrom(...wipes), places, places, places, places, (input, x, y, a, b) => {
      const transition = evenly(input);
      const [early, late] = [
        newAt(transition, Math.min(a, b), x, y),
        newAt(transition, Math.max(a, b), x, y),
      ];
      assert.ok(early <= late + 1e-9);
    }),
  );
});

test('no place is ever uncovered', () => {
  fc.assert(
    fc.property(fc.constantFrom(...EVERY), places, places, places, (input, share, x, y) => {
      const { shots } = shotsAt(parsed(input), share, ASPECT);
      const left = shots.reduce((rest, shot) => rest * (1 - coverAt(shot, x, y, 0.5)), 1);
      assert.ok(left < 1e-9, `${input.type} leaves ${left} at ${x}, ${y}`);
    }),
  );
});

test('wipes, slides and pushes go where they say', () => {
  for (const type of ['wipe', 'slide', 'push'] as const) {
    const at = (direction: 'left' | 'right' | 'up' | 'down', x: number, y: number): number =>
      Math.round(newAt(parsed({ type, direction, easing: 'linear' }), 0.5, x, y));
    assert.deepEqual([at('right', 0.2, 0.5), at('right', 0.8, 0.5)], [1, 0], type);
    assert.deepEqual([at('left', 0.2, 0.5), at('left', 0.8, 0.5)], [0, 1], type);
    assert.deepEqual([at('down', 0.5, 0.2), at('down', 0.5, 0.8)], [1, 0], type);
    assert.deepEqual([at('up', 0.5, 0.2), at('up', 0.5, 0.8)], [0, 1], type);
  }
});

test('an iris is a circle in the picture, whatever its shape', () => {
  for (const aspect of [16 / 9, 1, 9 / 16]) {
    const [, shot] = shotsAt(parsed({ type: 'iris' }), 0.5, aspect).shots;
    assert.ok(shot?.ramp?.type === 'radial');
    assert.ok(Math.abs(shot.ramp.ry / shot.ramp.rx - aspect) < 1e-9);
    // The corners are its edge.
    assert.ok(Math.abs(Math.hypot(0.5 / shot.ramp.rx, 0.5 / shot.ramp.ry) - 1) < 1e-9);
  }
});

test('a fade through a colour is that colour half-way', () => {
  const at = (share: number) => shotsAt(parsed({ type: 'fade-color', easing: 'linear' }), share, 1);
  assert.deepEqual(at(0.5).overlay, { type: 'color', color: '#000000', opacity: 1 });
  assert.deepEqual(at(0.25).overlay, { type: 'color', color: '#000000', opacity: 0.5 });
  assert.deepEqual(
    [0.25, 0.75].map((share) => at(share).shots[0]?.which),
    ['from', 'to'],
  );
});

test('a stinger shows its picture in its own time, and cuts below it', () => {
  const transition = parsed({ type: 'stinger', asset: 'logo', durationMs: 800, cutAtMs: 300 });
  const at = (share: number) => shotsAt(transition, share, 1);
  assert.deepEqual(at(0).overlay, { type: 'picture', asset: 'logo', timeMs: 0 });
  assert.deepEqual(at(0.5).overlay, { type: 'picture', asset: 'logo', timeMs: 400 });
  assert.deepEqual(
    [0, 0.374, 0.376].map((share) => at(share).shots[0]?.which),
    ['from', 'from', 'to'],
  );
  assert.equal(
    SceneTransitionSchema.safeParse({ type: 'stinger', asset: 'a', durationMs: 9, cutAtMs: 10 })
      .success,
    false,
  );
});

test('an inverted luma wipe lets the bright parts go first', () => {
  const at = (inverted: boolean, brightness: number): number =>
    newAt(
      parsed({ type: 'luma', asset: 'a', inverted, easing: 'linear' }),
      0.3,
      0.5,
      0.5,
      brightness,
    );
  assert.deepEqual([at(false, 0.1), at(false, 0.9)], [1, 0]);
  assert.deepEqual([at(true, 0.1), at(true, 0.9)], [0, 1]);
});

test('curves that overshoot stay within the two scenes', () => {
  for (const type of ['slide', 'wipe', 'fade', 'zoom'] as const) {
    for (let share = 0; share <= 1; share += 0.05) {
      const { shots } = shotsAt(parsed({ type, easing: 'ease-in-out-elastic' }), share, ASPECT);
      assert.ok(shots.every(({ opacity, scale }) => opacity >= 0 && opacity <= 1 && scale >= 1));
      assert.ok(shots.every(({ offsetX }) => Math.abs(offsetX) <= 1));
    }
  }
});
