import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toEasing } from '../../src/scene/easing.js';
import { settlingSecondsOf, toSpringEasing } from '../../src/scene/motion/spring.js';
import { EasingSchema } from '../../src/scene/schema/values.js';

const FAMILIES = [
  'sine',
  'quad',
  'cubic',
  'quart',
  'quint',
  'expo',
  'circ',
  'back',
  'elastic',
  'bounce',
];
const NAMES = [
  ...['linear', 'ease', 'ease-in', 'ease-out', 'ease-in-out', 'hold'],
  ...['spring', 'spring-gentle', 'spring-wobbly', 'spring-stiff', 'spring-slow'],
  ...['ease-in', 'ease-out', 'ease-in-out'].flatMap((way) =>
    FAMILIES.map((family) => `${way}-${family}`),
  ),
];

for (const name of NAMES) {
  test(`${name} is known, and runs from 0 to 1`, () => {
    assert.equal(EasingSchema.parse(name), name);
    const easing = toEasing(name);
    assert.ok(Math.abs(easing(0)) < 1e-9, `begins at ${easing(0)}`);
    assert.ok(Math.abs(easing(1) - 1) < 1e-9, `ends at ${easing(1)}`);
    for (let t = 0; t <= 1; t += 1 / 64) assert.ok(easing(t) > -2 && easing(t) < 3);
  });
}

test('all names are different curves', () => {
  const curves = new Map<string, string>();
  for (const name of NAMES) {
    const easing = toEasing(name);
    const curve = [0.15, 0.35, 0.6, 0.85].map((t) => easing(t).toFixed(6)).join();
    assert.equal(curves.get(curve), undefined, `${name} is ${curves.get(curve) ?? ''}`);
    curves.set(curve, name);
  }
});

test('what comes in goes out the other way round', () => {
  for (const family of FAMILIES) {
    const [easeIn, easeOut] = [toEasing(`ease-in-${family}`), toEasing(`ease-out-${family}`)];
    for (const t of [0.1, 0.4, 0.77]) assert.ok(Math.abs(easeIn(t) - (1 - easeOut(1 - t))) < 1e-9);
  }
});

test('hold stays at 0 until the end', () => {
  const hold = toEasing('hold');
  assert.deepEqual([0, 0.5, 0.999999, 1].map(hold), [0, 0, 0, 1]);
});

/** The curve of https://www.w3.org/TR/css-easing-1/#cubic-bezier-easing-functions, solved by bisection. */
function bezierAt(progress: number, x1: number, y1: number, x2: number, y2: number): number {
  const at = (t: number, a: number, b: number): number =>
    3 * a * t * (1 - t) ** 2 + 3 * b * t ** 2 * (1 - t) + t ** 3;
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (at(middle, x1, x2) < progress) low = middle;
    else high = middle;
  }
  return at(low, y1, y2);
}

const shares = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
const heights = fc.integer({ min: -150, max: 250 }).map((percent) => percent / 100);

test('a cubic-bezier of any numbers is the curve of CSS', () => {
  fc.assert(
    fc.property(shares, heights, shares, heights, shares, (x1, y1, x2, y2, t) => {
      const name = `cubic-bezier(${x1}, ${y1}, ${x2}, ${y2})`;
      assert.ok(EasingSchema.safeParse(name).success, name);
      const [found, expected] = [toEasing(name)(t), bezierAt(t, x1, y1, x2, y2)];
      // Where the curve is upright a little progress is a long way.
      const around = [-1e-4, 1e-4].map((d) =>
        bezierAt(Math.min(1, Math.max(0, t + d)), x1, y1, x2, y2),
      );
      const slack = 1e-3 + Math.abs((around[1] ?? 0) - (around[0] ?? 0));
      assert.ok(Math.abs(found - expected) <= slack, `${name} at ${t}: ${found}, not ${expected}`);
    }),
  );
});

test('CSS names are the curves that CSS gives them', () => {
  for (const [name, curve] of [
    ['ease', 'cubic-bezier(0.25, 0.1, 0.25, 1)'],
    ['ease-in', 'cubic-bezier(0.42,0,1,1)'],
    ['ease-out', 'cubic-bezier( 0 , 0 , .58 , 1 )'],
    ['ease-in-out', 'cubic-bezier(.42, 0, .58, 1.0)'],
  ] as const) {
    assert.ok(EasingSchema.safeParse(curve).success, curve);
    for (const t of [0, 0.2, 0.5, 0.9, 1])
      assert.ok(Math.abs(toEasing(name)(t) - toEasing(curve)(t)) < 1e-9);
  }
});

test('what is no easing is refused', () => {
  for (const text of [
    ...['', 'ease-in-wobble', 'ease-sine', 'LINEAR', 'linear ', 'constructor'],
    ...[
      'cubic-bezier()',
      'cubic-bezier(1,2,3)',
      'cubic-bezier(0,0,0,0,0)',
      'cubic-bezier(a,b,c,d)',
    ],
    ...[
      'cubic-bezier(-0.1, 0, 0.5, 1)',
      'cubic-bezier(0.1, 0, 1.5, 1)',
      'cubic-bezier(2, 0, 0, 1)',
    ],
    ...['steps()', 'steps(0)', 'steps(2.5)', 'steps(1001)', 'steps(1, jump-none)', 'steps(2, up)'],
    ...['linear()', 'linear(1)', 'linear(0, a)', 'linear(0, 1 50)', 'linear(0, 5% 1 6%)'],
    ...['spring()', 'spring(1, 100)', 'spring(0, 100, 10)', 'spring(1, 100, 10, 0, 0)'],
    ...['spring(1, 1e5, 10)', 'spring-hard', 'linear(0, 1', 'steps(2))'],
  ])
    assert.ok(!EasingSchema.safeParse(text).success, text);
});

/** As https://www.w3.org/TR/css-easing-1/#step-easing-functions draws them. */
test('steps are the staircases of CSS', () => {
  const at = (name: string): number[] => [0, 0.24, 0.26, 0.5, 0.76, 1].map(toEasing(name));
  assert.deepEqual(at('steps(2)'), [0, 0, 0, 0.5, 0.5, 1]);
  assert.deepEqual(at('steps(2, end)'), at('steps(2)'));
  assert.deepEqual(at('steps(4, jump-start)'), [0.25, 0.25, 0.5, 0.75, 1, 1]);
  assert.deepEqual(at('steps(2, jump-none)'), [0, 0, 0, 1, 1, 1]);
  assert.deepEqual(at('steps(3,jump-both)'), [0.25, 0.25, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(at('step-start'), [1, 1, 1, 1, 1, 1]);
  assert.deepEqual(at('step-end'), [0, 0, 0, 0, 0, 1]);
});

test('linear() goes through its stops, as evenly as CSS has it where they name no place', () => {
  const at = (name: string, ...times: number[]): number[] => times.map(toEasing(name));
  assert.deepEqual(at('linear(0, 0.5, 1)', 0, 0.25, 0.5, 1), [0, 0.25, 0.5, 1]);
  assert.deepEqual(at('linear(0, 0.25 75%, 1)', 0.375, 0.75, 0.875), [0.125, 0.25, 0.625]);
  assert.deepEqual(at('linear(0, 0.8 25% 75%, 1)', 0.25, 0.5, 0.75), [0.8, 0.8, 0.8]);
  assert.deepEqual(at('linear(0, 1 50%, 0 50%, 1)', 0.25, 0.5, 0.75), [0.5, 0, 0.5]);
  assert.deepEqual(at('linear(0 25%, 50% 1)', 0.375, 1), [0.5, 3]);
  assert.deepEqual(at('linear(0, 1 50%, 2 25%, 0)', 0.5, 0.75), [2, 1]);
});

const springs = fc.record({
  mass: fc.double({ min: 0.01, max: 100, noNaN: true }),
  stiffness: fc.double({ min: 0.1, max: 1e5, noNaN: true }),
  damping: fc.double({ min: 0.5, max: 1e4, noNaN: true }),
  velocity: fc.double({ min: -50, max: 50, noNaN: true }),
});

test('springs of any kind begin at 0, end at 1, and nowhere jump', () => {
  fc.assert(
    fc.property(springs, shares, (spring, t) => {
      const easing = toSpringEasing(spring);
      assert.ok(Math.abs(easing(0)) < 1e-9 && Math.abs(easing(1) - 1) < 1e-9);
      assert.ok(Number.isFinite(easing(t)));
      // So short that the fastest spring, which settles within days, gets nowhere meanwhile.
      assert.ok(Math.abs(easing(t + 1e-12) - easing(t)) < 1e-2);
    }),
  );
});

/** Solved step by step (classical Runge-Kutta), with no formula for what comes out. */
function simulated(
  spring: { mass: number; stiffness: number; damping: number; velocity: number },
  seconds: number,
): number {
  const { mass, stiffness, damping } = spring;
  let [x, v] = [1, -spring.velocity];
  const steps = 20_000;
  const h = seconds / steps;
  const force = (at: number, speed: number): number => -(stiffness * at + damping * speed) / mass;
  for (let i = 0; i < steps; i++) {
    const [a1, v1] = [force(x, v), v];
    const [a2, v2] = [force(x + (h / 2) * v1, v + (h / 2) * a1), v + (h / 2) * a1];
    const [a3, v3] = [force(x + (h / 2) * v2, v + (h / 2) * a2), v + (h / 2) * a2];
    const [a4, v4] = [force(x + h * v3, v + h * a3), v + h * a3];
    x += (h / 6) * (v1 + 2 * v2 + 2 * v3 + v4);
    v += (h / 6) * (a1 + 2 * a2 + 2 * a3 + a4);
  }
  return 1 - x;
}

test('a spring moves as the forces on it say, swinging, critical and creeping', () => {
  for (const [damping, velocity] of [
    [12, 0],
    [12, 6],
    [20, 0],
    [20, -4],
    [20.0005, 0],
    [60, 0],
    [60, 9],
  ] as const) {
    const spring = { mass: 1, stiffness: 100, damping, velocity };
    const seconds = settlingSecondsOf(spring);
    const easing = toSpringEasing(spring);
    for (const share of [0.1, 0.3, 0.6]) {
      const expected = simulated(spring, share * seconds);
      assert.ok(
        Math.abs(easing(share) - expected) < 2e-3,
        `damping ${damping} at ${share}: ${easing(share)}, not ${expected}`,
      );
    }
  }
});
