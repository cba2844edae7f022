import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LayerOf } from '../../../src/scene/schema/layer.js';
import { TickerLayerSchema } from '../../../src/layers/ticker/schema.js';
import type { TickerItem } from '../../../src/scene/schema/ticker-item.js';
import { anchorAfter } from '../../../src/scene/ticker/anchoring.js';
import type { TickerAnchor } from '../../../src/scene/ticker/anchor.js';
import { createRunningQueue } from '../../../src/scene/ticker/running.js';
import { travelFrom } from '../../../src/scene/ticker/travel.js';

type Ticker = LayerOf<'ticker'>;

const WAY = 700;
const TAKEN_AT_MS = 1000;

/** How long an item is stands in its text. */
function extentOf(_: Ticker, { text }: { readonly text: string }): number {
  return Number(text);
}

/** A ticker, and what it goes on from. */
type Running = { readonly ticker: Ticker; readonly anchor: TickerAnchor | null };

function motionOf({ ticker, anchor }: Running) {
  const fromMs = anchor?.atMs ?? TAKEN_AT_MS;
  return { anchor, travel: travelFrom(ticker, null, fromMs, TAKEN_AT_MS) };
}

/** What is in sight at a moment: where its beginning is, by the text, and whether a separator is there. */
function inSight(running: Running, atMs: number): [text: string, ranPx: number, joined: boolean][] {
  const { ticker } = running;
  const items = ticker.items ?? [];
  const extents = items.map((item) => extentOf(ticker, item));
  const separator = Number(ticker.separator);
  const queue = createRunningQueue(
    ticker,
    { items: extents, separator },
    motionOf(running),
    TAKEN_AT_MS,
  );
  return (
    queue
      // What enters at this very moment is not in sight yet.
      .between(0.01, WAY + 2000, atMs - TAKEN_AT_MS)
      .flatMap(({ content, ranPx, isJoined }): [string, number, boolean][] =>
        ranPx - extentOf(ticker, content) < WAY
          ? [[content.text, ranPx, isJoined && separator > 0]]
          : [],
      )
  );
}

function assertSame(found: ReturnType<typeof inSight>, expected: typeof found, what: string): void {
  const names = (all: typeof found): unknown[] => all.map(([text, , joined]) => [text, joined]);
  assert.deepEqual(names(found), names(expected), what);
  for (const [i, [, place]] of found.entries())
    assert.ok(Math.abs(place - (expected[i]?.[1] ?? NaN)) < 0.01, what);
}

const anOption = fc.record({
  loop: fc.boolean(),
  separator: fc.constantFrom('', '35'),
  speed: fc.constantFrom(60, 120, 900, -120),
  gap: fc.constantFrom(0, 40, 300),
});

type Step =
  | { readonly type: 'push'; readonly extents: readonly number[] }
  | { readonly type: 'remove'; readonly nth: number }
  | { readonly type: 'drop'; readonly nth: number }
  | { readonly type: 'clear' }
  | { readonly type: 'replace'; readonly extents: readonly number[] }
  | { readonly type: 'speed'; readonly speed: number };

const someExtents = fc.array(fc.integer({ min: 10, max: 900 }), { minLength: 1, maxLength: 3 });

const aStep: fc.Arbitrary<{ readonly afterMs: number; readonly step: Step }> = fc.record({
  afterMs: fc.constantFrom(0, 40, 900, 5000, 60_000),
  step: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ type: fc.constant('push' as const), extents: someExtents }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('remove' as const), nth: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('drop' as const), nth: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.constant({ type: 'clear' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('replace' as const), extents: someExtents }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant('speed' as const),
        speed: fc.constantFrom(0, 60, 121, 900),
      }),
    },
  ),
});

let count = 0;

function itemsOf(extents: readonly number[], atMs: number | null): TickerItem[] {
  return extents.map((extent) => ({
    id: `i${++count}`,
    text: String(extent),
    color: null,
    image: null,
    atMs,
    removedAtMs: null,
  }));
}

function editedItems(items: readonly TickerItem[], step: Step, atMs: number): TickerItem[] {
  switch (step.type) {
    case 'push':
      return [...items, ...itemsOf(step.extents, atMs)];
    case 'replace':
      return itemsOf(step.extents, atMs);
    case 'drop':
      return items.filter((_, i) => i !== step.nth % items.length);
    case 'speed':
      return [...items];
    case 'remove':
    case 'clear':
      return items.map((item, i) =>
        item.removedAtMs === null && (step.type === 'clear' || i === step.nth % items.length)
          ? { ...item, removedAtMs: atMs }
          : item,
      );
  }
}

/** A ticker after a change at a moment. */
function changed(running: Running, step: Step, atMs: number): Running {
  const { ticker } = running;
  const { items } = ticker;
  assert.ok(items !== null);
  // One that runs the other way does not stop here: what stands has no other way.
  const wanted = step.type !== 'speed' ? 0 : ticker.speed < 0 ? -step.speed || -60 : step.speed;
  const speed = step.type === 'speed' ? wanted : ticker.speed;
  const after = { ...ticker, speed, items: editedItems(items, step, atMs) };
  const change = { before: ticker, motion: motionOf(running), after, atMs, takenAtMs: TAKEN_AT_MS };
  return { ticker: after, anchor: anchorAfter(change, extentOf) };
}

function startOf(options: Partial<Ticker>): Running {
  const box = { id: 't', type: 'ticker', width: WAY, height: 40 };
  const ticker = TickerLayerSchema.parse({ ...box, ...options, items: itemsOf([200, 350], null) });
  return { ticker, anchor: null };
}

test('no change of the list or the speed moves an item in sight', () => {
  fc.assert(
    fc.property(anOption, fc.array(aStep, { maxLength: 25 }), (options, steps) => {
      let running = startOf(options);
      let atMs = TAKEN_AT_MS;
      for (const { afterMs, step } of steps) {
        atMs += afterMs;
        const next = changed(running, step, atMs);
        assertSame(inSight(next, atMs), inSight(running, atMs), `${step.type} at ${atMs}`);
        // Also in frames that were planned before the change and are drawn once more with it.
        if (step.type !== 'speed' && running.ticker.speed !== 0)
          for (const shownMs of [atMs - 1, atMs - 70])
            assertSame(inSight(next, shownMs), inSight(running, shownMs), step.type);
        running = next;
      }
    }),
    { numRuns: 400 },
  );
});

test('a change of nothing changes nothing of what comes, and what is kept of the past is bounded', () => {
  fc.assert(
    fc.property(
      anOption,
      fc.array(aStep, { maxLength: 15 }),
      fc.array(fc.nat(200_000), { maxLength: 5 }),
      (options, steps, later) => {
        let running = startOf(options);
        let atMs = TAKEN_AT_MS;
        for (const { afterMs, step } of steps) {
          atMs += afterMs;
          running = changed(running, step, atMs);
        }
        const { speed } = running.ticker;
        const again = changed(running, { type: 'speed', speed: Math.abs(speed) }, atMs);
        for (const laterMs of [0, 1, ...later])
          assertSame(
            inSight(again, atMs + laterMs),
            inSight(running, atMs + laterMs),
            `${laterMs} ms later`,
          );
        assert.ok((again.anchor?.queue?.entered.length ?? 0) <= 128);
      },
    ),
    { numRuns: 300 },
  );
});
