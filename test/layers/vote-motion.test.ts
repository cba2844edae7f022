import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placedOptions } from '../../src/layers/vote/order.js';
import type { LayerOf } from '../../src/scene/schema/layer.js';
import type { Scene } from '../../src/scene/schema/scene.js';
import {
  change,
  layerAt,
  sceneOf,
  staged,
  transitionOf,
  type Staged,
} from '../scene/motion/staged-scenes.js';

function pollOf(votes: Readonly<Record<string, number>>, color = '#000000'): Scene {
  const options = Object.entries(votes).map(([id, value]) => ({ id, value, color }));
  return sceneOf({ id: 'v', type: 'vote', order: 'descending', options });
}

function voteAt(now: Staged, atMs: number): LayerOf<'vote'> {
  const layer = layerAt(now, 'v', atMs);
  assert.ok(layer.type === 'vote');
  return layer;
}

function valuesAt(now: Staged, atMs: number): Record<string, number> {
  return Object.fromEntries(voteAt(now, atMs).options.map(({ id, value }) => [id, value]));
}

/** Where the options stand, in places from the first. */
function standsAt(now: Staged, atMs: number): Record<string, number> {
  return Object.fromEntries(
    placedOptions(voteAt(now, atMs)).map(({ option, place }) => [option.id, place + option.shift]),
  );
}

const BEFORE = pollOf({ a: 30, b: 20, c: 10 });
const AFTER = pollOf({ a: 30, b: 60, c: 10 });

test('votes glide to where they are set, and options to where they stand then', () => {
  const now = change(staged(BEFORE), AFTER, 1000, transitionOf());
  assert.deepEqual(valuesAt(now, 1000), { a: 30, b: 20, c: 10 });
  assert.deepEqual(standsAt(now, 1000), { a: 0, b: 1, c: 2 });
  // The second is first by its votes already, and is still on its way there.
  assert.deepEqual(valuesAt(now, 1750), { a: 30, b: 50, c: 10 });
  assert.deepEqual(standsAt(now, 1750), { a: 0.75, b: 0.25, c: 2 });
  assert.equal(voteAt(now, 2000), AFTER.layers[0], 'it is at rest then');
});

test('without a transition they are there at once', () => {
  const now = change(staged(BEFORE), AFTER, 1000, null);
  assert.equal(voteAt(now, 1000), AFTER.layers[0]);
});

test('options go by their ids, not by their places in the list', () => {
  const now = change(staged(BEFORE), pollOf({ c: 20, a: 30, d: 5 }), 0, transitionOf());
  assert.deepEqual(valuesAt(now, 500), { c: 15, a: 30, d: 5 });
  assert.deepEqual(standsAt(now, 500), { a: 0, c: 1.5, d: 2 });
});

test('votes that are set again half-way go on from where they are', () => {
  const first = change(staged(BEFORE), AFTER, 0, transitionOf());
  const again = change(first, BEFORE, 500, transitionOf());
  assert.deepEqual(valuesAt(first, 500), { a: 30, b: 40, c: 10 });
  assert.deepEqual(valuesAt(again, 500), { a: 30, b: 40, c: 10 });
  assert.deepEqual(standsAt(again, 500), standsAt(first, 500));
  assert.deepEqual(standsAt(again, 1500), { a: 0, b: 1, c: 2 });
});

test('a curve that overshoots makes no votes below none', () => {
  const bouncy = transitionOf({ easing: 'cubic-bezier(0.5, -2, 0.5, 3)' });
  const now = change(staged(pollOf({ a: 10, b: 1 })), pollOf({ a: 10, b: 0 }), 0, bouncy);
  const values = Array.from({ length: 20 }, (_, i) => valuesAt(now, i * 50)['b'] ?? -1);
  assert.ok(
    values.every((value) => value >= 0),
    values.join(' '),
  );
});

test('the colours of options are mixed', () => {
  const now = change(staged(pollOf({ a: 1 })), pollOf({ a: 1 }, '#ffffff'), 0, transitionOf());
  assert.equal(voteAt(now, 500).options[0]?.color, '#808080ff');
});
