import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  occurrencesBetween,
  runsOf,
  type Queue,
  type QueueItem,
} from '../../../src/scene/ticker/queue.js';

const ALWAYS: QueueItem = { extent: 100, fromPx: 0, untilPx: Infinity };

/** Items of 100 and gaps of 10. */
function queueOf(items: Queue['items'], fields: Partial<Queue> = {}): Queue {
  return { items, gap: 10, separator: 0, loop: false, start: null, ...fields };
}

function entriesOf(queue: Queue, toPx: number, fromPx = -Infinity): [item: number, atPx: number][] {
  return occurrencesBetween(runsOf(queue), fromPx, toPx, 1000)
    .map(({ item, enterPx }): [number, number] => [item, enterPx])
    .toReversed();
}

test('items enter one after the other, and wait for their moment', () => {
  const items = [ALWAYS, ALWAYS, { ...ALWAYS, fromPx: 500 }, { ...ALWAYS, fromPx: 510 }];
  assert.deepEqual(entriesOf(queueOf(items), 1e6), [
    [0, 0],
    [1, 110],
    [2, 500],
    [3, 610],
  ]);
});

test('a queue that loops comes round, and takes in what is added at its end', () => {
  const items = [ALWAYS, ALWAYS, { ...ALWAYS, fromPx: 250 }];
  assert.deepEqual(entriesOf(queueOf(items, { loop: true }), 700), [
    [0, 0],
    [1, 110],
    // Two are round at 220, before the third has come.
    [0, 220],
    [1, 330],
    [2, 440],
    [0, 550],
    [1, 660],
  ]);
});

test('what is removed enters no more', () => {
  const items = [ALWAYS, { ...ALWAYS, untilPx: 200 }, { ...ALWAYS, untilPx: 200 }];
  assert.deepEqual(entriesOf(queueOf(items), 1e6), [
    [0, 0],
    [1, 110],
  ]);
  const looping = entriesOf(queueOf(items, { loop: true }), 500);
  assert.deepEqual(looping, [
    [0, 0],
    [1, 110],
    [0, 220],
    [0, 330],
    [0, 440],
  ]);
  const gone = items.map((item) => ({ ...item, untilPx: 0 }));
  assert.deepEqual(entriesOf(queueOf(gone, { loop: true }), 1e6), []);
  assert.deepEqual(entriesOf(queueOf([], { loop: true }), 1e6), []);
});

test('a separator goes before what follows at once', () => {
  const items = [ALWAYS, ALWAYS, { ...ALWAYS, fromPx: 900 }];
  const runs = runsOf(queueOf(items, { separator: 20 }));
  assert.deepEqual(
    occurrencesBetween(runs, 0, 1e6, 10).map(({ enterPx, isJoined }) => [enterPx, isJoined]),
    [
      [900, false],
      [140, true],
      [0, false],
    ],
  );
});

test('years of laps cost nothing', () => {
  // At a thousand pixels a second.
  const year = 365 * 86_400_000;
  const items = [ALWAYS, { ...ALWAYS, fromPx: 3 * year + 7 }];
  const queue = queueOf(items, { loop: true });
  assert.ok(runsOf(queue).length <= 4);
  const found = entriesOf(queue, 5 * year, 5 * year - 1000);
  assert.deepEqual(new Set(found.map(([item]) => item)), new Set([0, 1]));
  assert.ok(found.length >= 9 && found.length <= 10);
});

test('items of no length end, too', () => {
  const queue = queueOf([{ ...ALWAYS, extent: 0 }], { gap: 0, loop: true });
  assert.equal(occurrencesBetween(runsOf(queue), 0, 1e9, 50).length, 50);
});

test('a queue that is given no number for a place ends all the same', () => {
  for (const freePx of [NaN, Infinity, 1e300]) {
    const start = { item: 1, freePx, isFollowing: false };
    const runs = runsOf(queueOf([ALWAYS, ALWAYS], { loop: true, start }));
    assert.ok(runs.length < 5, `${freePx}: ${runs.length}`);
  }
});

test('a queue goes on from a turn in the middle of its list', () => {
  const items = [ALWAYS, ALWAYS, ALWAYS];
  const start = { item: 2, freePx: 40, isFollowing: true };
  assert.deepEqual(entriesOf(queueOf(items, { start }), 1e6), [[2, 40]]);
  assert.deepEqual(entriesOf(queueOf(items, { start, loop: true, separator: 20 }), 400), [
    [2, 70],
    [0, 210],
    [1, 350],
  ]);
  const waiting = { item: 1, freePx: -500, isFollowing: true };
  const later = [ALWAYS, { ...ALWAYS, fromPx: 60 }];
  const runs = runsOf(queueOf(later, { start: waiting, separator: 20 }));
  assert.deepEqual(occurrencesBetween(runs, 0, 1000, 9), [
    { item: 1, enterPx: 60, isJoined: false },
  ]);
});
