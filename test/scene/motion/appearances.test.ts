import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileScene } from '../../../src/scene/compile-scene.js';
import type { LayerInput } from '../../../src/scene/schema/layer.js';
import { SceneSchema } from '../../../src/scene/schema/scene.js';
import {
  box,
  change,
  compiledAt,
  drawnAt,
  layerAt,
  sceneOf,
  staged,
  transitionOf,
  withFields,
  type Staged,
} from './staged-scenes.js';
import { SILENCE } from '../../../src/scene/sound/heard.js';
import { StageSchema } from '../../../src/scene/motion/stage-schema.js';

const LINEAR = { durationMs: 1000, easing: 'linear' };
const FADE = { type: 'fade', ...LINEAR } as const;
const EMPTY = staged(sceneOf());

function namesAt(now: Staged, atMs: number): string[] {
  return drawnAt(now, atMs).map(({ id }) => id);
}

test('a layer comes as its entry says, from the moment it is created', () => {
  const now = change(EMPTY, sceneOf(box('a', { opacity: 0.5, enter: FADE })), 5000);
  assert.deepEqual(
    [5000, 5500, 6000, 9000].map((atMs) => layerAt(now, 'a', atMs).opacity),
    [0, 0.25, 0.5, 0.5],
  );
  assert.equal(compiledAt(now, 6000)[0]?.at(6000, 6000, SILENCE), now.scene.layers[0]);
});

test('presets begin off their place and end at it', () => {
  const at = (enter: Record<string, unknown>, atMs: number) => {
    const now = change(EMPTY, sceneOf(box('a', { x: 7, y: 9, scale: 2, enter })), 0);
    const { x, y, scale, opacity } = layerAt(now, 'a', atMs);
    return { x, y, scale, opacity };
  };
  const there = { x: 7, y: 9, scale: 2, opacity: 1 };
  const slide = { type: 'slide', direction: 'left', distance: 100, ...LINEAR };
  assert.deepEqual(at(slide, 0), { ...there, x: 107, opacity: 0 });
  assert.deepEqual(at(slide, 500), { ...there, x: 57, opacity: 0.5 });
  assert.deepEqual(at({ ...slide, direction: 'down', fade: false }, 0), { ...there, y: -91 });
  assert.deepEqual(at({ type: 'scale', scale: 0.5, ...LINEAR }, 0), {
    ...there,
    scale: 1,
    opacity: 0,
  });
  assert.deepEqual(at({ type: 'pop', ...LINEAR }, 0), { ...there, scale: 0 });
  assert.ok(at({ type: 'pop' }, 300).scale > 2, 'a pop overshoots');
  for (const way of [{ type: 'fade' }, slide, { type: 'scale' }, { type: 'pop' }])
    assert.deepEqual(at({ ...way, ...LINEAR }, 1000), there, way.type);
});

test('entries of keyframes say what a field is while they run', () => {
  const enter = {
    type: 'keyframes',
    animations: [
      {
        property: 'position',
        delayMs: 100,
        keyframes: [
          { atMs: 0, value: { x: 0, y: 50 } },
          { atMs: 400, value: { x: 80, y: 10 } },
        ],
      },
    ],
  };
  const now = change(EMPTY, sceneOf(box('a', { x: 80, y: 10, enter })), 1000);
  const places = [1000, 1100, 1300, 1500].map((atMs) => layerAt(now, 'a', atMs));
  assert.deepEqual(
    places.map(({ x, y }) => [x, y]),
    [
      [0, 50],
      [0, 50],
      [40, 30],
      [80, 10],
    ],
  );
});

test('it also comes when it becomes visible, and when its scene goes on air, if it should', () => {
  const hidden = sceneOf(box('a', { visible: false, enter: FADE }));
  const shown = change(staged(hidden), withFields(hidden, 'a', { visible: true }), 3000);
  assert.equal(layerAt(shown, 'a', 3250).opacity, 0.25);
  const taken = sceneOf(box('a', { enter: FADE }));
  assert.equal(layerAt(staged(taken), 'a', 250).opacity, 0.25);
  const only = (on: string[]) => ({ enter: { ...FADE, on } });
  const notTaken = sceneOf(box('a', only(['create', 'show'])));
  assert.equal(layerAt(staged(notTaken), 'a', 250).opacity, 1);
  const created = change(EMPTY, sceneOf(box('a', only(['activate']))), 3000);
  assert.equal(layerAt(created, 'a', 3250).opacity, 1);
  const notShown = withFields(hidden, 'a', only(['create']));
  const visible = change(staged(notShown), withFields(notShown, 'a', { visible: true }), 3000);
  assert.equal(layerAt(visible, 'a', 3250).opacity, 1);
});

test('a layer that is removed is drawn until its exit is over, where it was', () => {
  const exit = { type: 'slide', direction: 'right', distance: 100, ...LINEAR };
  const all = sceneOf(box('a'), box('b', { x: 5, exit }), box('c'));
  const now = change(staged(all), sceneOf(box('a'), box('c')), 2000);
  assert.deepEqual(namesAt(now, 2000), ['a', 'b', 'c']);
  assert.deepEqual(
    [2000, 2500].map((atMs) => layerAt(now, 'b', atMs).x),
    [5, 55],
  );
  assert.equal(layerAt(now, 'b', 2250).opacity, 0.75);
  assert.equal(compiledAt(now, 2250)[1]?.isLeaving, true);
  assert.deepEqual(namesAt(now, 3000), ['a', 'c']);
  assert.deepEqual(change(now, sceneOf(box('a')), 3000).stage.leaving, []);
});

test('one that is hidden goes the same way, and comes back as if it were new', () => {
  const scene = sceneOf(box('a', { exit: FADE, enter: FADE }), box('b'));
  const hidden = withFields(scene, 'a', { visible: false });
  const now = change(staged(scene), hidden, 2000);
  assert.equal(layerAt(now, 'a', 2250).opacity, 0.75);
  const back = change(now, scene, 2500);
  assert.deepEqual(namesAt(back, 2500), ['a', 'b']);
  assert.equal(layerAt(back, 'a', 2750).opacity, 0.25);
});

test('layers that leave one after the other keep their order', () => {
  const exit = { exit: FADE };
  const all = ['a', 'b', 'c', 'd', 'e'].map((id) => box(id, exit));
  const without = (...ids: string[]) => sceneOf(...all.filter(({ id }) => !ids.includes(id)));
  const orders = [
    ['b', 'c', 'd'],
    ['d', 'c', 'b'],
    ['c', 'b', 'd'],
    ['a', 'b', 'c'],
    ['c', 'b', 'a'],
    ['e', 'a', 'c'],
  ];
  for (const order of orders) {
    let now = staged(sceneOf(...all));
    order.forEach((_, i) => {
      now = change(now, without(...order.slice(0, i + 1)), 100 + i);
    });
    assert.deepEqual(namesAt(now, 200), ['a', 'b', 'c', 'd', 'e'], order.join());
    const stored = StageSchema.parse(JSON.parse(JSON.stringify(now.stage)));
    assert.deepEqual(stored, now.stage);
  }
  const replaced = change(staged(sceneOf(...all)), sceneOf(box('z')), 100);
  assert.deepEqual(namesAt(replaced, 200), ['a', 'b', 'c', 'd', 'e', 'z']);
});

test('what goes in the middle of a movement goes on moving', () => {
  const scene = sceneOf(box('a', { x: 0, exit: FADE }));
  const moving = change(staged(scene), withFields(scene, 'a', { x: 100 }), 0, transitionOf());
  const going = change(moving, sceneOf(), 500);
  assert.deepEqual(
    [500, 750, 1200].map((atMs) => layerAt(going, 'a', atMs).x),
    [50, 75, 100],
  );
});

test('a group goes with all that is in it, and a layer in a group by itself', () => {
  const inner = (ids: string[]): LayerInput => ({
    id: 'g',
    type: 'group',
    exit: FADE,
    layers: ids.map((id) => box(id, { exit: FADE })),
  });
  const scene = SceneSchema.parse({ id: 's', layers: [inner(['a', 'b'])] });
  const without = change(staged(scene), sceneOf(inner(['b'])), 1000);
  assert.deepEqual(
    compiledAt(without, 1500)[0]?.children.map(({ layer, isLeaving }) => [layer.id, isLeaving]),
    [
      ['a', true],
      ['b', false],
    ],
  );
  assert.equal(without.stage.leaving[0]?.group?.layers.length, 2);
  const gone = change(without, sceneOf(), 1500);
  assert.deepEqual(namesAt(gone, 1600), ['g']);
  assert.deepEqual(
    compiledAt(gone, 1600)[0]?.children.map(({ layer }) => layer.id),
    ['a', 'b'],
  );
  assert.deepEqual(namesAt(gone, 2500), []);
});

test('what comes in again at once is there, and not on its way out as well', () => {
  const scene = sceneOf(box('a', { exit: FADE }));
  const gone = change(staged(scene), sceneOf(), 1000);
  const back = change(gone, sceneOf(box('z'), box('a')), 1100);
  assert.deepEqual(namesAt(back, 1200), ['z', 'a']);
});

test('a list of layers is the same object as long as its layers are in the same phases', () => {
  const scene = sceneOf(box('a', { enter: FADE }), box('b'));
  const compiled = compileScene({ ...staged(scene), takenAtMs: 0 });
  assert.equal(compiled.layersAt(100), compiled.layersAt(900));
  assert.notEqual(compiled.layersAt(900), compiled.layersAt(1000));
  assert.equal(compiled.layersAt(5000), compiled.layersAt(6000));
});

test('it tells the moments at which layers go over to other sizes', () => {
  const scene = sceneOf(box('a', { enter: { type: 'pop', durationMs: 300 } }), box('b'));
  const grown = change(staged(scene), withFields(scene, 'b', { width: 90 }), 50, transitionOf());
  const compiled = compileScene({ ...grown, takenAtMs: 0 });
  assert.deepEqual(compiled.momentsFrom(100), [100, 300, 1050]);
  assert.deepEqual(compiled.momentsFrom(2000), [2000]);
});
