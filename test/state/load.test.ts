import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/core/errors.js';
import { LOAD_LIMITS } from '../../src/scene/limits.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import type { Command } from '../../src/state/command.js';
import { deepFreeze } from '../../src/state/deep-freeze.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { apply, create, rectangles, showing } from './load-scenes.js';
import { emptyState, layerOf, NOW, sceneOf } from './samples.js';

function activate(sceneId: string): Command {
  return { type: 'scene.activate', sceneId, atMs: 0, transition: null };
}

/** Groups in each other, the innermost of which holds `inner`. */
function grouped(depth: number, inner: LayerInput[], fields: object = {}): LayerInput[] {
  return depth === 0
    ? inner
    : [
        {
          id: `group-${depth}`,
          type: 'group',
          layers: grouped(depth - 1, inner, fields),
          ...fields,
        },
      ];
}

/** Checks that a command is refused for what it would show. */
function refused(state: ServiceState, command: Command, message: RegExp, path: string): void {
  assert.throws(
    () => reduce(state, command),
    (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, 'SM_SCENE_LOAD', error.message);
      assert.equal(error.status, 422);
      assert.match(error.message, message);
      assert.deepEqual(
        error.fields.map((field) => field.path),
        [path],
      );
      return true;
    },
  );
}

/** The scenes n0 to n(levels), each of which shows ten times the one before: n(k) takes 10^k layers and those around. */
function tenfold(levels: number): ServiceState {
  let state = apply(emptyState(), create('n0', rectangles(1)));
  for (let i = 1; i <= levels; i++) state = apply(state, create(`n${i}`, showing(`n${i - 1}`, 10)));
  return state;
}

test('refuses the scene that shows more layers than can be shown, with the sum and the layer that takes most', () => {
  // n3: 10 · (1 + 10 · (1 + 10 · (1 + 1))) = 2110
  const state = tenfold(2);
  refused(
    state,
    create('n3', showing('n2', 10)),
    /n3 would need 2110 layers .* limit is 2000/,
    '/layers/0',
  );
  const mixed = [...rectangles(2), ...showing('n2', 10)];
  refused(state, create('n3', mixed), /2112 layers/, '/layers/2');
});

test('counts scenes that are shown by many in time that grows with the documents alone', () => {
  // Stored by an older version: 10^40 rectangles.
  const scenes = [sceneOf({ id: 'n0', layers: rectangles(1) })];
  for (let i = 1; i <= 40; i++)
    scenes.push(sceneOf({ id: `n${i}`, layers: showing(`n${i - 1}`, 10) }));
  const state = deepFreeze({ ...emptyState(), scenes });
  refused(state, activate('n40'), /would need 2.1111\d*e.40 layers/, '/layers/0');
  refused(state, { type: 'preview.load', sceneId: 'n40', atMs: 0 }, /e.40 layers/, '/layers/0');
  apply(state, activate('n2'));
});

test('refuses a scene of 200 layers that is shown 50 times, and 500 times 500 layers', () => {
  const state = apply(
    emptyState(),
    create('many', rectangles(200)),
    create('most', rectangles(500)),
  );
  refused(state, create('wall', showing('many', 50)), /10050 layers/, '/layers/0');
  refused(state, create('wall', showing('most', 500)), /250500 layers/, '/layers/0');
  apply(state, create('wall', showing('many', 9)), activate('wall'));
});

test('refuses every change by which a scene that shows others comes to take too much', () => {
  const moment = { ...NOW };
  const state = apply(
    emptyState(),
    create('inner', rectangles(100)),
    create('outer', showing('inner', 19)),
    { type: 'variables.set', values: { rows: 1 }, ...moment },
  );
  const more = layerOf({ id: 'more', type: 'scene', scene: 'inner', width: 100, height: 100 });
  const table: LayerInput = {
    id: 'table',
    type: 'table',
    columns: [{ key: 'a' }, { key: 'b' }],
    rows: Array.from({ length: 100 }, (_, i) => ({ id: `r${i}`, cells: { a: i, b: i } })),
  };
  refused(
    state,
    { type: 'layer.create', sceneId: 'outer', groupId: null, layer: more, index: null, ...moment },
    /outer would need 2020 layers/,
    '/layers/0',
  );
  refused(
    state,
    {
      type: 'layer.create',
      sceneId: 'inner',
      groupId: null,
      layer: layerOf(table),
      index: null,
      ...moment,
    },
    /outer would need \d+ layers/,
    '/layers/0',
  );
  refused(
    state,
    { type: 'scene.patch', sceneId: 'inner', patch: { layers: rectangles(300) }, ...moment },
    /outer would need 5719 layers/,
    '/layers/0',
  );
  refused(
    state,
    { type: 'scene.replace', scene: sceneOf({ id: 'inner', layers: rectangles(300) }), ...moment },
    /outer would need 5719 layers/,
    '/layers/0',
  );
  const create300 = create('third', showing('inner', 30));
  refused(
    state,
    { type: 'batch.apply', batchId: 'b', commands: [create300], late: false },
    /third would need 3030 layers/,
    '/layers/0',
  );
});

test('takes what was too much already and becomes less, and refuses that it becomes more', () => {
  const stored = [
    sceneOf({ id: 'inner', layers: rectangles(400) }),
    sceneOf({ id: 'wall', layers: showing('inner', 10) }),
  ];
  const state = deepFreeze({ ...emptyState(), scenes: stored });
  const smaller = apply(state, {
    type: 'scene.patch',
    sceneId: 'inner',
    patch: { layers: rectangles(300) },
    ...NOW,
  });
  refused(smaller, activate('wall'), /wall would need 3010 layers/, '/layers/0');
  refused(
    smaller,
    { type: 'scene.patch', sceneId: 'inner', patch: { layers: rectangles(301) }, ...NOW },
    /3020 layers/,
    '/layers/0',
  );
  apply(smaller, create('other', rectangles(3)), activate('other'));
});

test('counts a layer that masks others once more for each', () => {
  const masks: LayerInput = { id: 'group', type: 'group', layers: rectangles(100), visible: false };
  const masked = rectangles(20).map((layer): LayerInput => ({
    ...layer,
    id: `m-${layer.id}`,
    mask: { type: 'layer', layer: 'group' },
  }));
  refused(emptyState(), create('s', [masks, ...masked]), /2040 layers/, '/layers/1');
  const round: LayerInput[] = ['a', 'b'].map((id, i) => ({
    id,
    type: 'shape',
    shape: 'rectangle',
    width: 9,
    height: 9,
    fill: '#ffffff',
    mask: { type: 'layer', layer: i === 0 ? 'b' : 'a' },
  }));
  apply(emptyState(), create('s', round));
});

test('counts the cells of tables that are shown, and not those that have no room', () => {
  const cells = (rows: number): LayerInput => ({
    id: 'table',
    type: 'table',
    columns: Array.from({ length: 12 }, (_, i) => ({ key: `c${i}` })),
    rows: Array.from({ length: rows }, (_, i) => ({ id: `r${i}`, cells: {} })),
  });
  refused(emptyState(), create('s', [cells(200)]), /2614 layers/, '/layers/0');
  apply(emptyState(), create('s', [{ ...cells(200), height: 1080 }]));
});

test('refuses what stands too deep in groups and scenes, and more buffers in each other than there are', () => {
  let state = apply(emptyState(), create('d0', grouped(8, rectangles(1))));
  for (let i = 1; i <= 2; i++)
    state = apply(state, create(`d${i}`, grouped(8, showing(`d${i - 1}`, 1))));
  refused(
    state,
    create('d3', grouped(8, showing('d2', 1))),
    new RegExp(`35 groups and scenes \\(in each other\\); the limit is ${LOAD_LIMITS.depth}`),
    '/layers/0',
  );
  const faded = { opacity: 0.5 };
  const half = apply(emptyState(), create('f0', grouped(8, rectangles(1), faded)));
  refused(
    half,
    create('f1', grouped(5, showing('f0', 1), faded)),
    /13 buffers at once/,
    '/layers/0',
  );
  apply(half, create('f1', grouped(4, showing('f0', 1), faded)), activate('f1'));
});

test('refuses more work than many frames have time for, and takes what is out of sight or hidden', () => {
  const whole = (fields: object, count: number): LayerInput[] =>
    Array.from({ length: count }, (_, i) => ({
      id: `l${i}`,
      type: 'shape',
      shape: 'rectangle',
      fill: '#ff000080',
      width: 1920,
      height: 1080,
      ...fields,
    }));
  refused(emptyState(), create('s', whole({}, 200)), /498 ms .* limit is 400/, '/layers/0');
  refused(
    emptyState(),
    create('s', whole({ rotationY: 5, blend: 'hue' }, 20)),
    /643 ms/,
    '/layers/0',
  );
  apply(
    emptyState(),
    create('a', whole({ x: 1920 }, 200)),
    create('b', whole({ visible: false }, 200)),
  );
  apply(emptyState(), create('c', whole({ scale: 0.1 }, 200)), create('d', whole({}, 100)));
});

test('counts what variables make of a scene', () => {
  const bound: LayerInput = {
    id: 'group',
    type: 'group',
    width: 9,
    height: 9,
    layers: rectangles(400),
    bindings: { visible: 'shown' },
  };
  const state = apply(
    emptyState(),
    { type: 'variables.set', values: { shown: false }, ...NOW },
    create('inner', [bound]),
    create('wall', showing('inner', 10)),
  );
  refused(
    state,
    { type: 'variables.set', values: { shown: true }, ...NOW },
    /wall would need 4020 layers/,
    '/layers/0',
  );
});

test('refuses more layers that move than are planned in a frame, those in a group that moves among them', () => {
  const animations = [
    {
      property: 'x',
      keyframes: [
        { atMs: 0, value: 0 },
        { atMs: 900, value: 90 },
      ],
    },
  ];
  const moving = rectangles(250).map((layer): LayerInput => ({ ...layer, animations }));
  const state = apply(emptyState(), create('moving', moving), create('still', rectangles(250)));
  refused(state, create('s', showing('moving', 5)), /1250 layers that move/, '/layers/0');
  apply(state, create('s', showing('still', 5)));
  const group = showing('still', 5).map((layer): LayerInput => ({ ...layer, animations }));
  refused(state, create('s', group), /1255 layers that move/, '/layers/0');
});

test('refuses more draw items than a frame has', () => {
  const mask = { type: 'shape' as const, shape: 'ellipse' as const };
  const masked = rectangles(480).map((layer): LayerInput => ({ ...layer, mask }));
  const state = apply(emptyState(), create('masked', masked));
  refused(state, create('s', showing('masked', 4)), /11524 draw items/, '/layers/0');
});

test('refuses expressions that could take too long together, though each for itself could not', () => {
  const slow = 'size(names.filter(a, names.exists(b, a == b)))';
  const layers = (count: number): LayerInput[] =>
    rectangles(count).map((layer) => ({ ...layer, bindings: { x: slow } }));
  apply(emptyState(), create('few', layers(2)));
  const state = apply(emptyState(), create('some', layers(4)));
  refused(
    state,
    create('many', layers(200)),
    /expressions of the scene many .* limit is 30000000/,
    '/layers/0',
  );
  refused(
    state,
    { type: 'scene.patch', sceneId: 'some', patch: { layers: layers(100) }, ...NOW },
    /steps in total/,
    '/layers/0',
  );
});

test('refuses lists that the expressions of scenes would go through for long, and scenes that would go through such lists', () => {
  const slow = 'size(names.filter(a, names.exists(b, a == b)))';
  const layers = rectangles(4).map((layer) => ({ ...layer, bindings: { x: slow } }));
  const names = (count: number): Command => ({
    type: 'variables.set',
    values: { names: Array.from({ length: count }, (_, i) => `n${i}`) },
    ...NOW,
  });
  const tooMuch = /With these variables, .* limit is 2000000\. .* scene s[12]:/;
  const one = apply(emptyState(), create('s1', layers), names(100), create('s2', layers));
  refused(one, names(900), tooMuch, '/layers');
  const long = apply(emptyState(), names(900));
  refused(long, create('s1', layers), tooMuch, '/layers');
  // What is too much already may become less.
  const stored = { ...one, variables: long.variables };
  apply(stored, names(800));
  refused(stored, names(920), tooMuch, '/layers');
});
