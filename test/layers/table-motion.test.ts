import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placedRows } from '../../src/layers/table/order.js';
import type { Scene } from '../../src/scene/schema/scene.js';
import {
  change,
  compiledAt,
  layerAt,
  sceneOf,
  staged,
  transitionOf,
  type Staged,
} from '../scene/motion/staged-scenes.js';

function tableOf(scores: Record<string, number>, maxRows: number | null = null): Scene {
  return sceneOf({
    id: 'a',
    type: 'table',
    maxRows,
    sortBy: { column: 'score' },
    columns: [{ key: 'score' }],
    rows: Object.entries(scores).map(([id, score]) => ({ id, cells: { score } })),
  });
}

/** Where the rows of a table stand, in rows from its top. */
function placesAt(now: Staged, atMs: number): Record<string, number> {
  const table = layerAt(now, 'a', atMs);
  assert.ok(table.type === 'table');
  return Object.fromEntries(placedRows(table).map(({ row, place }) => [row.id, place + row.shift]));
}

const BEFORE = tableOf({ ada: 30, grace: 20, joan: 10 });
const AFTER = tableOf({ ada: 5, grace: 20, joan: 40 });

test('rows slide to their new places, and what they say changes at once', () => {
  const now = change(staged(BEFORE), AFTER, 1000, transitionOf());
  assert.deepEqual(placesAt(now, 1000), { joan: 2, grace: 1, ada: 0 });
  assert.deepEqual(placesAt(now, 1250), { joan: 1.5, grace: 1, ada: 0.5 });
  assert.deepEqual(placesAt(now, 2000), { joan: 0, grace: 1, ada: 2 });
  const table = layerAt(now, 'a', 1250);
  assert.ok(table.type === 'table');
  assert.deepEqual(
    table.rows.map(({ cells }) => cells),
    [{ score: 5 }, { score: 20 }, { score: 40 }],
  );
  assert.equal(layerAt(now, 'a', 2000), AFTER.layers[0], 'it is at rest then');
});

test('the look of a table is known to change while its rows slide', () => {
  const now = change(staged(BEFORE), AFTER, 0, transitionOf());
  assert.ok(compiledAt(now, 500)[0]?.moves('rows'));
});

test('rows that are sent back half-way go on from where they are', () => {
  const first = change(staged(BEFORE), AFTER, 0, transitionOf());
  const back = change(first, BEFORE, 500, transitionOf());
  assert.deepEqual(placesAt(first, 500), { joan: 1, grace: 1, ada: 1 });
  assert.deepEqual(placesAt(back, 500), { ada: 1, grace: 1, joan: 1 });
  assert.deepEqual(placesAt(back, 1500), { ada: 0, grace: 1, joan: 2 });
});

test('rows that were not shown before are in their places at once', () => {
  const now = change(
    staged(tableOf({ ada: 30, grace: 20, joan: 10 }, 2)),
    tableOf({ ada: 30, grace: 5, joan: 10, mary: 40 }, 3),
    0,
    transitionOf(),
  );
  assert.deepEqual(placesAt(now, 500), { mary: 0, ada: 0.5, joan: 2 });
});

test('without a transition rows jump', () => {
  const now = change(staged(BEFORE), AFTER, 0);
  assert.deepEqual(placesAt(now, 1), { joan: 0, grace: 1, ada: 2 });
});
