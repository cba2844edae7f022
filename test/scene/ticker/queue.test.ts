import assert from 'node:assert/strict';
import { test } from 'node:test';
import { occurrencesBetween, runsOf, type Queue } from '../../../src/scene/ticker/queue.js';

const NEVER = { atMs: null, removedAtMs: null };

/** A pixel takes a millisecond: items of 100 and gaps of 10. */
function queueOf(items: Queue['items'], fields: Partial<Queue> = {}): Queue {
  return {
    ...{ items, extents: items.map(() => 100), gap: 10, separator: 0, speed: 1 },
    ...{ loop: false, takenAtMs: 0, ...fields },
  };
}

function entriesOf(queue: Queue, toMs: number, fromMs = -Infinity): [item: number, atMs: number][] {
  return occurrencesBetween(runsOf(queue), fromMs, toMs, 1000)
    .map(({ item, enterMs }): [number, number] => [item, enterMs])
    .toReversed();
}

test('items enter one after the other, and wait for their moment', () => {
  const items = [NEVER, NEVER, { atMs: 500, removedAtMs: null }, { atMs: 510, removedAtMs: null }];
  assert.deepEqual(entriesOf(queueOf(items), 1e6), [
    [0, 0],
    [1, 110],
    [2, 500],
    [3, 610],
  ]);
});

test('a queue that loops comes round, and takes in what is added at its end', () => {
  const items = [NEVER, NEVER, { atMs: 250, removedAtMs: null }];
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
  const items = [NEVER, { atMs: null, removedAtMs: 200 }, { atMs: null, removedAtMs: 200 }];
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
  const gone = items.map(() => ({ atMs: null, removedAtMs: 0 }));
  assert.deepEqual(entriesOf(queueOf(gone, { loop: true }), 1e6), []);
  assert.deepEqual(entriesOf(queueOf([], { loop: true }), 1e6), []);
});

test('a separator goes before what follows at once', () => {
  const items = [NEVER, NEVER, { atMs: 900, removedAtMs: null }];
  const runs = runsOf(queueOf(items, { separator: 20 }));
  assert.deepEqual(
    occurrencesBetween(runs, 0, 1e6, 10).map(({ enterMs, isJoined }) => [enterMs, isJoined]),
    [
      [900, false],
      [140, true],
      [0, false],
    ],
  );
});

test('years of laps cost nothing', () => {
  const year = 365 * 86_400_000;
  const items = [NEVER, { atMs: 3 * year + 7, removedAtMs: null }];
  const queue = queueOf(items, { loop: true });
  assert.ok(runsOf(queue).length <= 4);
  const found = entriesOf(queue, 5 * year, 5 * year - 1000);
  assert.deepEqual(new Set(found.map(([item]) => item)), new Set([0, 1]));
  assert.ok(found.length >= 9 && found.length <= 10);
});

test('items of no length end, too', () => {
  const queue = queueOf([NEVER], { extents: [0], gap: 0, loop: true });
  assert.equal(occurrencesBetween(runsOf(queue), 0, 1e9, 50).length, 50);
});
