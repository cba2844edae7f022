import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredTicker } from '../../src/assets/measured-ticker.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import type { Piece } from '../../src/render/piece.js';
import { createTickerMeasure } from '../../src/layers/ticker/item.js';
import { createLayerViews } from '../../src/layers/views.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { compileScene } from '../../src/scene/compile-scene.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { type Transition, TransitionSchema } from '../../src/scene/schema/transition.js';
import type { Command, MergePatch } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import { readState } from '../../src/state/migrate.js';
import { reduce } from '../../src/state/reduce.js';
import { shotOf } from '../../src/state/staging.js';
import { SILENCE } from '../../src/scene/sound/heard.js';
import { emptyState, sceneOf } from './samples.js';

registerShippedFonts();
const text = createTextEngine();
const measureTicker = createTickerMeasure(measuredTicker);
const TAKEN_AT_MS = 1_700_000_000_000;
const SECOND = transitionOf({ durationMs: 1000 });

type TickerInput = Extract<LayerInput, { type: 'ticker' }>;

function transitionOf(fields: Record<string, unknown>): Transition {
  return TransitionSchema.parse({ easing: 'linear', ...fields });
}

function apply(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((before, command) => reduce(before, command, measureTicker).state, state);
}

/** The state with a scene of one ticker on air. */
function onAir(fields: Partial<TickerInput>): ServiceState {
  const layer: TickerInput = {
    id: 't',
    type: 'ticker',
    width: 600,
    height: 40,
    fontSize: 20,
    gap: 30,
    speed: 100,
    ...fields,
  };
  return apply(
    emptyState(),
    { type: 'scene.create', scene: sceneOf({ id: 's', layers: [layer] }) },
    { type: 'scene.activate', sceneId: 's', atMs: TAKEN_AT_MS, transition: null },
  );
}

/** The state after a change of the ticker so long after the scene was taken. */
function patched(
  state: ServiceState,
  afterMs: number,
  patch: MergePatch,
  transition: Transition | null = null,
): ServiceState {
  const address = { sceneId: 's', layerId: 't', index: null } as const;
  const atMs = TAKEN_AT_MS + afterMs;
  return apply(state, { type: 'layer.patch', ...address, patch, atMs, transition });
}

const views = createLayerViews();

/** What is in sight so long after the scene was taken. */
function piecesAt(state: ServiceState, afterMs: number): readonly Piece[] {
  const { scene, stage, takenAtMs } = shotOf(state);
  assert.ok(scene !== null);
  const programTimeMs = takenAtMs + afterMs;
  const [compiled] = compileScene({ scene, stage, takenAtMs }).layersAt(programTimeMs);
  assert.ok(compiled !== undefined);
  return views(
    compiled.at(afterMs, programTimeMs, SILENCE),
    {
      sceneTimeMs: afterMs,
      wallOffsetMs: 0,
      heard: SILENCE,
      programTimeMs,
      scale: 1,
      text,
      appearance: {},
      picture: () => null,
      isBetweenPixels: false,
      pictureOffset: () => 0,
      videoFrame: () => null,
      livePicture: () => null,
      takenAtMs: 0,
    },
    compiled,
  ).pieces;
}

/** Where what is in sight begins, from left to right. */
function placesAt(state: ServiceState, afterMs: number): number[] {
  return piecesAt(state, afterMs)
    .map(({ x }) => x)
    .sort((a, b) => a - b);
}

/** By how much the strip has moved between two moments that lie close together. */
function movedPx(state: ServiceState, fromMs: number, toMs: number): number {
  const from = placesAt(state, fromMs);
  const to = placesAt(state, toMs);
  const moves = to.map((x) => {
    const near = from.reduce((a, b) => (Math.abs(a - x) < Math.abs(b - x) ? a : b), Infinity);
    return x - near;
  });
  const nearest = moves.reduce((a, b) => (Math.abs(a) < Math.abs(b) ? a : b), Infinity);
  return nearest;
}

function rounded(places: readonly number[]): number[] {
  return places.map((x) => Math.round(x * 10) / 10);
}

const LONG = 'Lot 42 opens at nine. The bid stands at 4250 ETH, and 12 people watch. '.repeat(3);

test('a ticker never runs backwards while its speed is on its way to a lower one', () => {
  const state = patched(onAir({ text: LONG, speed: 120 }), 88_000, { speed: 90 }, SECOND);
  for (let atMs = 88_000; atMs < 89_500; atMs += 20) {
    const px = movedPx(state, atMs, atMs + 20);
    assert.ok(px <= -1.7 && px >= -2.5, `moved by ${px} px in 20 ms, ${atMs - 88_000} ms on`);
  }
});

test('a ticker goes on at the pace between where two changes of its speed are on their way', () => {
  const slow = patched(onAir({ text: LONG, speed: 120 }), 88_000, { speed: 0 }, SECOND);
  const back = patched(slow, 88_500, { speed: 120 }, transitionOf({ durationMs: 400 }));
  const interrupted = placesAt(back, 88_500);
  assert.deepEqual(rounded(interrupted), rounded(placesAt(slow, 88_500)));
  for (let atMs = 88_500; atMs < 89_000; atMs += 20) {
    const px = movedPx(back, atMs, atMs + 20);
    assert.ok(px < 0 && px > -2.5, `moved by ${px} px in 20 ms`);
  }
});

test('letters in sight stay where they are when a digit of the text changes', () => {
  const before = onAir({ text: LONG, speed: 120 });
  for (const afterMs of [0, 1234, 88_000, 3_600_000, 86_400_000]) {
    const after = patched(before, afterMs, { text: LONG.replace('4250', '4251') });
    const [was, is] = [placesAt(before, afterMs), placesAt(after, afterMs)];
    // Another digit is another width, and strips may be cut a letter earlier or later by it.
    for (const x of is.filter((place) => place > -500 && place < 550))
      assert.ok(Math.min(...was.map((place) => Math.abs(place - x))) < 30, `${x}`);
  }
});

test('a text that grows leaves what stands before and behind the change where it was', () => {
  const [head, tail] = [
    'The first word of it. '.repeat(20),
    'And this is what comes after. '.repeat(20),
  ];
  const before = onAir({ text: `${head}1${tail}`, speed: 100, gap: 5000 });
  const after = (afterMs: number): ServiceState =>
    patched(before, afterMs, { text: `${head}1 000 000 000 000${tail}` });
  assert.deepEqual(rounded(placesAt(after(2000), 2000)), rounded(placesAt(before, 2000)));
  const endAt = (state: ServiceState, atMs: number): number =>
    Math.max(0, ...piecesAt(state, atMs).map(({ x, width }) => x + width));
  let lateMs = 30_000;
  while (endAt(before, lateMs) > 500) lateMs += 1000;
  assert.ok(endAt(before, lateMs) > 300);
  assert.ok(Math.abs(endAt(after(lateMs), lateMs) - endAt(before, lateMs)) < 1.5);
});

test('a ticker that stands still stands where it was, and goes on from there', () => {
  for (const fields of [{ text: LONG }, { items: [{ text: 'alpha' }, { text: 'beta beta' }] }]) {
    const running = onAir({ ...fields, separator: '•' });
    const standing = patched(running, 45_670, { speed: 0 });
    assert.deepEqual(rounded(placesAt(standing, 45_670)), rounded(placesAt(running, 45_670)));
    assert.deepEqual(rounded(placesAt(standing, 99_000)), rounded(placesAt(running, 45_670)));
    const again = patched(standing, 99_000, { speed: 100 });
    assert.deepEqual(rounded(placesAt(again, 99_500)), rounded(placesAt(running, 46_170)));
  }
});

test('items in sight stay where they are, whatever of the ticker changes', () => {
  const items = [{ id: 'a', text: 'alpha' }, { id: 'b', text: 'beta beta' }, { text: 'gamma' }];
  const atMs = 3_612_345;
  for (const patch of [
    { speed: 60 },
    { speed: 61.5, loop: false },
    { items: [...items, { text: 'delta' }] },
    { items: items.slice(1) },
    { items: [] },
    { items: [{ text: 'new' }, ...items] },
    { separator: '•' },
    { width: 900 },
    { color: '#ff0000' },
  ]) {
    const before = onAir({ items, speed: 120 });
    const after = patched(before, atMs, patch);
    const was = piecesAt(before, atMs).filter(({ x, width }) => x + width > 0 && x < 600);
    const is = placesAt(after, atMs);
    // A separator that comes between takes its room; everything else stays.
    const [held] = was.toSorted(
      (a, b) => Math.abs(a.x + a.width / 2 - 300) - Math.abs(b.x + b.width / 2 - 300),
    );
    const moved = 'separator' in patch ? (held === undefined ? [] : [held]) : was;
    assert.ok(moved.length > 0);
    for (const { x } of moved)
      assert.ok(
        is.some((place) => Math.abs(place - x) < 0.05),
        `${JSON.stringify(patch)}: ${x}`,
      );
  }
});

test('an item whose text changes stays, and those beside it make room', () => {
  const items = [
    { id: 'a', text: 'alpha' },
    { id: 'b', text: 'Bid 1' },
    { id: 'c', text: 'gamma' },
  ];
  const before = onAir({ items, speed: 120, loop: true, width: 400 });
  const longer = items.map((item) => (item.id === 'b' ? { ...item, text: 'Bid 1 000 000' } : item));
  const atMs = 100_000;
  const after = patched(before, atMs, { items: longer });
  const nameless = (state: ServiceState): string[] =>
    piecesAt(state, atMs).map(({ name }) => name.slice(0, 1));
  assert.ok(new Set(nameless(after)).size >= 2);
  const sorted = [...piecesAt(after, atMs)].sort((a, b) => a.x - b.x);
  for (const [i, piece] of sorted.slice(1).entries()) {
    const gap = piece.x - (sorted[i]?.x ?? 0) - (sorted[i]?.width ?? 0);
    // Letters are not quite as wide as the room that they take.
    assert.ok(gap > 28 && gap < 34, `a gap of ${gap} px`);
  }
});

test('a ticker that is turned round runs back from where it is', () => {
  for (const fields of [{ text: LONG }, { items: [{ text: 'alpha' }, { text: 'beta beta' }] }]) {
    const before = onAir({ ...fields, speed: 100 });
    const after = patched(before, 60_000, { speed: -100 });
    const inBox = (state: ServiceState, atMs: number): number[] =>
      rounded(placesAt(state, atMs).filter((x) => x > 20 && x < 400));
    assert.deepEqual(inBox(after, 60_000), inBox(before, 60_000));
    const right = patched(before, 60_000, { direction: 'right' });
    assert.deepEqual(inBox(right, 60_000), inBox(before, 60_000));
    assert.ok(Math.abs(movedPx(after, 60_000, 60_020) - 2) < 0.01);
  }
});

test('a variable that changes every second for days neither moves the strip nor makes the state grow', () => {
  const set = (state: ServiceState, n: number, atMs: number): ServiceState =>
    apply(state, {
      type: 'variables.set',
      values: { n },
      atMs: TAKEN_AT_MS + atMs,
      transition: null,
    });
  const start = set(onAir({ text: `Bid {{n}} of 100. ${LONG}` }), 10, 0);
  let state = start;
  const DAY_MS = 86_400_000;
  let sizeThen = 0;
  for (let day = 0; day < 5; day++) {
    for (let i = 0; i < 100; i++) {
      const atMs = day * DAY_MS + i * 1000 + 500;
      const next = set(state, 10 + ((i * 37) % 90), atMs);
      const [was, is] = [placesAt(state, atMs), placesAt(next, atMs)];
      // What is just coming in or going out may be there in one only. Two other digits are up to 16 px wider.
      for (const x of is.filter((place) => place > -500 && place < 550)) {
        const moved = Math.min(...was.map((place) => Math.abs(place - x)));
        assert.ok(moved < 16, `a strip at ${x} px has moved by ${moved}`);
      }
      state = next;
    }
    const size = JSON.stringify(state.stages).length;
    if (day > 0) assert.ok(size < sizeThen + 60, `${size} characters after ${sizeThen}`);
    sizeThen = size;
  }
});

test('a font that grows in a transition does not make the strip jump', () => {
  const before = onAir({ text: LONG, speed: 100 });
  const after = patched(before, 500_000, { fontSize: 30 }, SECOND);
  for (let atMs = 500_000; atMs < 501_000; atMs += 20) {
    const seen = (state: ServiceState, at: number): number[] =>
      placesAt(state, at).filter((x) => x > -600);
    for (const x of seen(after, atMs + 20)) {
      const near = Math.min(...seen(after, atMs).map((other) => Math.abs(other - x)));
      assert.ok(near < 25, `a strip at ${x} px has come from nowhere`);
    }
  }
});

test('a speed that moves by keyframes is summed up', () => {
  const keyframes = [
    { atMs: 0, value: 0, easing: 'linear' },
    { atMs: 1000, value: 200 },
  ];
  const animations = [
    { property: 'speed', keyframes, repeat: 'forever', alternate: true },
  ] as const;
  const state = onAir({ text: LONG, gap: 2000, animations: [...animations] });
  for (const [atMs, px] of [
    [0, 0],
    [500, -25],
    [1000, -100],
    [1500, -175],
    [2000, -200],
    [6000, -600],
  ] as const)
    assert.ok(
      placesAt(state, atMs).some((x) => Math.abs(x - px) <= 1.1),
      `${px} px after ${atMs} ms: ${placesAt(state, atMs).join(' ')}`,
    );
});

test('a restart changes nothing of where a ticker is', () => {
  const state = patched(onAir({ items: [{ text: 'alpha' }], separator: '•' }), 70_000, {
    speed: 33,
  });
  const restarted = readState(JSON.parse(JSON.stringify(state)));
  assert.deepEqual(placesAt(restarted, 80_000), placesAt(state, 80_000));
});
