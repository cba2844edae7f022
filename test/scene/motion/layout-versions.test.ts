import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayerInput } from '../../../src/scene/schema/layer.js';
import type { Scene } from '../../../src/scene/schema/scene.js';
import { box, change, compiledAt, sceneOf, staged, transitionOf } from './staged-scenes.js';
import { StageSchema } from '../../../src/scene/motion/stage-schema.js';

const MOVE = { durationMs: 1000, easing: 'linear' } as const;
const ROW = { layout: { type: 'flex', direction: 'row' }, layoutTransition: MOVE } as const;

function groupOf(fields: object, ...layers: LayerInput[]): Scene {
  return sceneOf({ id: 'g', type: 'group', layers, ...fields });
}

const TWO = groupOf(ROW, box('a'), box('b'));
const THREE = groupOf(ROW, box('z'), box('a'), box('b'));

test('a group whose layout changes knows the one it comes from, until it has got there', () => {
  const now = change(staged(TWO), THREE, 500);
  const [moving] = compiledAt(now, 1000);
  assert.deepEqual(
    moving?.formerLayout?.group.children.map(({ layer }) => layer.id),
    ['a', 'b'],
  );
  assert.deepEqual(
    [0, 500, 1000, 1250].map((atMs) => moving.formerLayout?.progressAt(atMs)),
    [0, 0, 0.5, 0.75],
  );
  assert.equal(compiledAt(now, 1500)[0]?.formerLayout, null);
  assert.deepEqual(StageSchema.parse(JSON.parse(JSON.stringify(now.stage))), now.stage);
});

test('one that changes again on the way knows both', () => {
  const first = change(staged(TWO), THREE, 0);
  const back = change(first, TWO, 400);
  const [moving] = compiledAt(back, 500);
  assert.equal(moving?.formerLayout?.group.children.length, 3);
  assert.equal(moving.formerLayout.from?.group.children.length, 2);
  assert.equal(moving.formerLayout.from.progressAt(500), 0.5);
  assert.equal(change(back, groupOf(ROW), 1100).stage.groups['g']?.from?.from, null);
});

test('a change of anything in it may move the others, and one that brings a transition goes by that', () => {
  const wider = groupOf(ROW, box('a', { width: 40 }), box('b'));
  assert.ok(compiledAt(change(staged(TWO), wider, 0), 10)[0]?.formerLayout !== null);
  const slow = change(staged(TWO), wider, 0, transitionOf({ durationMs: 4000 }));
  assert.equal(compiledAt(slow, 1000)[0]?.formerLayout?.progressAt(1000), 0.25);
  const named = sceneOf(...TWO.layers, box('beside'));
  assert.deepEqual(change(staged(TWO), named, 0).stage.groups, {}, 'nothing in it has changed');
});

test('layers that stand where they say, and layouts without a transition, come from nowhere', () => {
  const plain = (...layers: LayerInput[]) => groupOf({ layoutTransition: MOVE }, ...layers);
  assert.deepEqual(change(staged(plain(box('a'))), plain(box('b')), 0).stage.groups, {});
  const sudden = (...layers: LayerInput[]) => groupOf({ layout: ROW.layout }, ...layers);
  assert.deepEqual(change(staged(sudden(box('a'))), sudden(box('b')), 0).stage.groups, {});
  assert.ok(
    change(staged(sudden(box('a'))), sudden(box('b')), 0, transitionOf()).stage.groups['g'],
  );
});

test('a layer that leaves a layout keeps the group that it was in', () => {
  const exit = { type: 'fade', durationMs: 500 } as const;
  const now = change(staged(groupOf(ROW, box('a', { exit }), box('b'))), groupOf(ROW, box('b')), 0);
  const children = compiledAt(now, 100)[0]?.children ?? [];
  assert.deepEqual(
    children.map(({ layer, isLeaving }) => [layer.id, isLeaving]),
    [
      ['a', true],
      ['b', false],
    ],
  );
  assert.equal(now.stage.leaving[0]?.group?.layers.length, 2);
});
