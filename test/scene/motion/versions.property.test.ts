import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHexColor } from '../../../src/scene/color.js';
import { compileScene } from '../../../src/scene/compile-scene.js';
import { SCENE_LIMITS } from '../../../src/scene/limits.js';
import type { Former } from '../../../src/scene/motion/stage.js';
import type { Layer } from '../../../src/scene/schema/layer.js';
import { SceneSchema, type Scene } from '../../../src/scene/schema/scene.js';
import { TransitionSchema, type Transition } from '../../../src/scene/schema/transition.js';
import { change, staged, type Staged } from './staged-scenes.js';
import { SILENCE } from '../../../src/scene/sound/heard.js';
import { StageSchema } from '../../../src/scene/motion/stage-schema.js';

/** JSON knows no negative zero. */
const numbers = fc.double({ min: -500, max: 500, noNaN: true }).map((value) => value + 0);
const shares = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const colors = fc.constantFrom('#000', '#ff0000', '#00ff0080', 'rgb(10 20 30 / 50%)', 'white');
const easings = fc.constantFrom(
  ...['linear', 'ease', 'ease-in-out-elastic', 'ease-out-back', 'spring-wobbly'],
  ...['steps(4, jump-start)', 'spring(1, 90, 9, 20)', 'hold'],
);
const transitions: fc.Arbitrary<Transition> = fc
  .record({
    durationMs: fc.integer({ min: 1, max: 2000 }),
    easing: easings,
    delayMs: fc.constantFrom(0, 0, 0, 150),
  })
  .map((fields) => TransitionSchema.parse(fields));

const animations = fc.option(
  fc.record({
    property: fc.constantFrom('x', 'rotation', 'opacity', 'shadow.x'),
    keyframes: fc.tuple(shares, shares).map(([from, to]) => [
      { atMs: 0, value: from },
      { atMs: 700, value: to, easing: 'ease' },
      { atMs: 1100, value: from },
    ]),
    repeat: fc.constant('forever'),
  }),
  { nil: null, freq: 2 },
);

const looks = fc.record({
  x: numbers,
  y: numbers,
  rotation: numbers,
  opacity: shares,
  scale: shares.map((share) => 5 * share),
  anchor: fc.record({ x: shares, y: shares }),
  fill: colors,
  shadow: fc.record({ x: numbers, blur: fc.integer({ min: 0, max: 100 }), color: colors }),
  filters: fc.record({ radius: shares }).map(({ radius }) => [{ type: 'blur', radius }]),
  animations: animations.map((animation) => (animation === null ? [] : [animation])),
});

function sceneWith(fields: Record<string, unknown>): Scene {
  const base = { id: 'a', type: 'shape', shape: 'rectangle', width: 40, height: 30 };
  return SceneSchema.parse({ id: 's', layers: [{ ...base, ...fields }] });
}

type Step = {
  readonly fields: Record<string, unknown>;
  readonly afterMs: number;
  readonly transition: Transition;
};
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    fields: looks.map((all): Record<string, unknown> => all),
    afterMs: fc.integer({ min: 0, max: 900 }),
    transition: transitions,
  }),
  { minLength: 1, maxLength: 8 },
);

function shown({ scene, stage }: Staged, atMs: number): Layer {
  const [compiled] = compileScene({ scene, stage, takenAtMs: 0 }).layersAt(atMs);
  assert.ok(compiled !== undefined);
  return compiled.at(atMs, atMs, SILENCE);
}

/** How many of the values are numbers of the document; the bytes of the colours follow. */
const NUMBERS = 10;

/** Fields that move, as numbers. */
function valuesOf(layer: Layer): number[] {
  const { x, y, rotation, opacity, scale, anchor, shadow, filters } = layer;
  assert.ok(layer.type === 'shape' && typeof layer.fill === 'string');
  assert.ok(shadow !== null && !Array.isArray(shadow));
  const [blur] = filters;
  assert.ok(blur?.type === 'blur');
  return [
    ...[x, y, rotation, opacity, scale, anchor.x, anchor.y, shadow.x, shadow.blur, blur.radius],
    ...toBytes(layer.fill),
    ...toBytes(shadow.color),
  ];
}

/** Red, green, blue and alpha, 0 to 255, however the colour is written: it is as in the document until it moves. */
function toBytes(color: string): number[] {
  return [...Buffer.from(toHexColor(color).slice(1), 'hex')];
}

function depthOf(former: Former<unknown> | null | undefined): number {
  return former === null || former === undefined ? 0 : 1 + depthOf(former.from);
}

function assertNear(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  for (const [i, a] of found.entries()) {
    const b = expected[i] ?? NaN;
    const tolerance = i < NUMBERS ? 1e-6 * (1 + Math.abs(b)) : 1;
    assert.ok(Math.abs(a - b) <= tolerance, `value ${i}: ${a}, not ${b}`);
  }
}

test('nothing jumps as a change with a transition comes in, however many are under way', () => {
  fc.assert(
    fc.property(looks, steps, (first, changes) => {
      let now = staged(sceneWith(first));
      let atMs = 0;
      for (const { fields, afterMs, transition } of changes) {
        atMs += afterMs;
        const before = valuesOf(shown(now, atMs));
        now = change(now, sceneWith(fields), atMs, transition);
        assertNear(valuesOf(shown(now, atMs)), before);
        assert.ok(depthOf(now.stage.layers['a']) <= SCENE_LIMITS.versionsPerLayer);
        assert.deepEqual(StageSchema.parse(JSON.parse(JSON.stringify(now.stage))), now.stage);
      }
      const restMs = atMs + 10_000;
      assert.deepEqual(shown(now, restMs), shown(staged(now.scene), restMs));
    }),
  );
});

test('a moment looks the same in whatever order moments are asked for, and after a restart', () => {
  const moments = fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(looks, steps, moments, (first, changes, times) => {
      let now = staged(sceneWith(first));
      let atMs = 0;
      for (const { fields, afterMs, transition } of changes) {
        atMs += afterMs;
        now = change(now, sceneWith(fields), atMs, transition);
      }
      const compiled = compileScene({ ...now, takenAtMs: 0 });
      const look = (timeMs: number): Layer[] =>
        compiled.layersAt(timeMs).map((layer) => layer.at(timeMs, timeMs, SILENCE));
      const forward = times.map(look);
      const backward = [...times].reverse().map(look).reverse();
      assert.deepEqual(backward, forward);
      const stored = structuredClone(now);
      assert.deepEqual(
        times.map((timeMs) => [shown(stored, timeMs)]),
        forward,
      );
    }),
    { numRuns: 60 },
  );
});
