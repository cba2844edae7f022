import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TickerItem } from '../../../src/scene/schema/layers/ticker.js';
import { occurrencesBetween, runsOf } from '../../../src/scene/ticker/queue.js';
import { settledItems, type TickerWay } from '../../../src/scene/ticker/settle-queue.js';

const WAY = 700;

type Options = Pick<TickerWay, 'loop' | 'separator' | 'speed' | 'gap'>;

/** How long an item is stands in its text. */
function wayOf(items: readonly TickerItem[], options: Options): TickerWay {
  const extents = items.map(({ text }) => Number(text));
  return { items, extents, way: WAY, takenAtMs: 1000, ...options };
}

/** What is in sight at a moment, by the id of the item: where its beginning is, and whether a separator is there. */
function inSight(way: TickerWay, atMs: number): [id: string, place: number, joined: boolean][] {
  const reachMs = (WAY + 2000) / way.speed;
  return occurrencesBetween(runsOf(way), atMs - reachMs, atMs, 500).flatMap(
    ({ item, enterMs, isJoined }) => {
      const ran = (atMs - enterMs) * way.speed;
      // With the separator before it.
      const isSeen = ran - (way.extents[item] ?? 0) < WAY;
      return isSeen
        ? [[way.items[item]?.id ?? '', ran, isJoined] as [string, number, boolean]]
        : [];
    },
  );
}

function assertSame(found: ReturnType<typeof inSight>, expected: typeof found, what: string): void {
  assert.deepEqual(
    found.map(([id]) => id),
    expected.map(([id]) => id),
    what,
  );
  for (const [i, [, place]] of found.entries())
    assert.ok(Math.abs(place - (expected[i]?.[1] ?? NaN)) < 0.01, what);
}

const anOption: fc.Arbitrary<Options> = fc.record({
  loop: fc.boolean(),
  separator: fc.constantFrom(0, 35),
  speed: fc.constantFrom(0.06, 0.12, 0.9),
  gap: fc.constantFrom(0, 40, 300),
});

type Step =
  | { readonly type: 'push'; readonly extents: readonly number[] }
  | { readonly type: 'remove'; readonly nth: number }
  | { readonly type: 'clear' };

const aStep: fc.Arbitrary<{ readonly afterMs: number; readonly step: Step }> = fc.record({
  afterMs: fc.constantFrom(0, 40, 900, 5000, 60_000),
  step: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        type: fc.constant('push' as const),
        extents: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('remove' as const), nth: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.constant({ type: 'clear' as const }) },
  ),
});

let count = 0;

/** The list after an operation at a moment, as the state keeps it. */
function edited(items: readonly TickerItem[], step: Step, options: Options, atMs: number) {
  const settled = settledItems(wayOf(items, options), atMs);
  if (step.type === 'push') {
    const added = step.extents.map((extent): TickerItem => ({
      ...{ id: `i${++count}`, text: String(extent), color: null, image: null },
      ...{ atMs, removedAtMs: null },
    }));
    return [...settled, ...added];
  }
  return settled.map((item, i) =>
    item.removedAtMs === null && (step.type === 'clear' || i === step.nth % settled.length)
      ? { ...item, removedAtMs: atMs }
      : item,
  );
}

const FIRST: readonly TickerItem[] = [200, 350].map((extent, i) => ({
  ...{ id: `first${i}`, text: String(extent), color: null, image: null },
  ...{ atMs: null, removedAtMs: null },
}));

test('adding and removing never moves an item in sight', () => {
  fc.assert(
    fc.property(anOption, fc.array(aStep, { maxLength: 25 }), (options, steps) => {
      let items = FIRST;
      let atMs = 1000;
      for (const { afterMs, step } of steps) {
        atMs += afterMs;
        const next = edited(items, step, options, atMs);
        // Also in frames that were planned before the change and are drawn once more with it.
        for (const shownMs of [atMs - 1, atMs - 70])
          assertSame(
            inSight(wayOf(next, options), shownMs),
            inSight(wayOf(items, options), shownMs),
            step.type,
          );
        items = next;
      }
    }),
    { numRuns: 400 },
  );
});

test('what is forgotten was out of sight, and changes nothing of what comes', () => {
  fc.assert(
    fc.property(
      anOption,
      fc.array(aStep, { maxLength: 15 }),
      fc.array(fc.nat(200_000), { maxLength: 5 }),
      (options, steps, later) => {
        let items = FIRST;
        let atMs = 1000;
        for (const { afterMs, step } of steps) {
          atMs += afterMs;
          items = edited(items, step, options, atMs);
        }
        const settled = settledItems(wayOf(items, options), atMs);
        for (const laterMs of [0, 1, ...later])
          assertSame(
            inSight(wayOf(settled, options), atMs + laterMs),
            inSight(wayOf(items, options), atMs + laterMs),
            `${laterMs} ms later`,
          );
      },
    ),
    { numRuns: 300 },
  );
});

test('a queue that does not loop does not grow for ever', () => {
  const options = { loop: false, separator: 35, speed: 0.12, gap: 40 };
  let items = FIRST;
  // An item takes 2 s to enter, and a new one comes every 2.5 s.
  for (let atMs = 1000; atMs < 600_000; atMs += 2500)
    items = edited(items, { type: 'push', extents: [165] }, options, atMs);
  assert.ok(items.length < 15, String(items.length));
});
