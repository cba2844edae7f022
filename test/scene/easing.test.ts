import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toEasing } from '../../src/scene/easing.js';
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
    ...['', 'ease-in-wobble', 'ease-sine', 'LINEAR', 'linear ', 'steps(4)', 'constructor'],
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
    `cubic-bezier(0.1, ${'1'.repeat(100)}, 0.5, 1)`,
  ])
    assert.ok(!EasingSchema.safeParse(text).success, text);
});
