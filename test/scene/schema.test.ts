import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCENE_LIMITS as LIMITS } from '../../src/scene/limits.js';
import { animatedFieldOf } from '../../src/scene/schema/animated-fields.js';
import { LayerSchema } from '../../src/scene/schema/layer.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';

/** The fields that did not fit, as JSON pointers with what is said of them. */
function complaints(document: unknown): Record<string, string> {
  const { error } = SceneSchema.safeParse(document);
  return Object.fromEntries(
    (error?.issues ?? []).map((issue) => [`/${issue.path.map(String).join('/')}`, issue.message]),
  );
}

const SHAPE = { id: 'a', type: 'shape', shape: 'rectangle', width: 10, height: 10 };

function sceneWith(...layers: unknown[]): unknown {
  return { id: 's', layers };
}

function shapeWith(fields: Record<string, unknown>): unknown {
  return sceneWith({ ...SHAPE, ...fields });
}

const MINIMAL: Readonly<Record<string, Record<string, unknown>>> = {
  image: { id: 'a', type: 'image', asset: 'picture' },
  lottie: { id: 'a', type: 'lottie', asset: 'animation' },
  text: { id: 'a', type: 'text', text: 'words' },
  shape: SHAPE,
  ticker: { id: 'a', type: 'ticker', text: 'words', width: 100, height: 20 },
  clock: { id: 'a', type: 'clock' },
  countdown: { id: 'a', type: 'countdown', to: '2030-01-01T00:00:00Z' },
  timer: { id: 'a', type: 'timer' },
  stopwatch: { id: 'a', type: 'stopwatch' },
  chat: { id: 'a', type: 'chat', width: 100, height: 100 },
  pattern: { id: 'a', type: 'pattern', pattern: 'ebu-bars' },
  progress: { id: 'a', type: 'progress' },
  table: { id: 'a', type: 'table', columns: [{ key: 'name' }] },
  qr: { id: 'a', type: 'qr', text: 'https://example.com' },
};

test('a scene of nothing but an id is whole', () => {
  assert.deepEqual(SceneSchema.parse({ id: 's' }), {
    id: 's',
    name: '',
    width: 1920,
    height: 1080,
    background: '#000000',
    locale: 'en',
    audio: [],
    layers: [],
  });
});

for (const [type, minimal] of Object.entries(MINIMAL)) {
  test(`a ${type} needs little, and has all common fields then`, () => {
    const layer = LayerSchema.parse(minimal);
    assert.equal(layer.type, type);
    const { visible, x, y, rotation, anchor, scale, opacity, blend, cornerRadius } = layer;
    const common = { visible, x, y, rotation, anchor, scale, opacity, blend, cornerRadius };
    assert.deepEqual(common, {
      visible: true,
      x: 0,
      y: 0,
      rotation: 0,
      anchor: { x: 0, y: 0 },
      scale: 1,
      opacity: 1,
      blend: 'normal',
      cornerRadius: 0,
    });
    assert.deepEqual([layer.border, layer.shadow, layer.animations], [null, null, []]);
    assert.deepEqual(LayerSchema.parse(layer), layer, 'a whole document is read as it is');
  });

  test(`a ${type} without what it needs, or with what it does not have, is refused`, () => {
    for (const field of Object.keys(minimal)) {
      const rest = Object.fromEntries(Object.entries(minimal).filter(([name]) => name !== field));
      assert.notDeepEqual(complaints(sceneWith(rest)), {}, `without ${field}`);
    }
    assert.deepEqual(Object.keys(complaints(sceneWith({ ...minimal, colour: 'red' }))), [
      '/layers/0',
    ]);
  });
}

test('decorations have defaults of their own', () => {
  const layer = LayerSchema.parse({ ...SHAPE, border: { width: 3 }, shadow: {}, anchor: { y: 1 } });
  assert.deepEqual(layer.border, { width: 3, color: '#ffffff' });
  assert.deepEqual(layer.shadow, { x: 0, y: 4, blur: 8, color: '#00000080' });
  assert.deepEqual(layer.anchor, { x: 0, y: 1 });
});

test('unknown fields are refused wherever they are, and named', () => {
  assert.match(complaints({ id: 's', nope: 1 })['/'] ?? '', /nope/);
  assert.match(complaints(shapeWith({ nope: 1 }))['/layers/0'] ?? '', /nope/);
  assert.match(complaints(shapeWith({ shadow: { nope: 1 } }))['/layers/0/shadow'] ?? '', /nope/);
  assert.match(complaints(shapeWith({ anchor: { z: 1 } }))['/layers/0/anchor'] ?? '', /z/);
  const animations = [{ property: 'x', keyframes: [{ atMs: 0, value: 1, at: 5 }] }];
  assert.match(
    complaints(shapeWith({ animations }))['/layers/0/animations/0/keyframes/0'] ?? '',
    /at/,
  );
  assert.notDeepEqual(complaints(sceneWith({ id: 'a', type: 'video' })), {});
});

const NUMBERS = ['x', 'y', 'rotation', 'scale', 'opacity', 'cornerRadius', 'width', 'height'];

test('what is no finite number is refused in every numeric field', () => {
  for (const field of NUMBERS)
    for (const value of [NaN, Infinity, -Infinity, '1', null, true, [], {}])
      assert.deepEqual(
        Object.keys(complaints(shapeWith({ [field]: value }))),
        [`/layers/0/${field}`],
        `${field}: ${JSON.stringify(value)}`,
      );
});

const BOUNDS: readonly (readonly [field: string, min: number, max: number])[] = [
  ['x', -LIMITS.offsetPx, LIMITS.offsetPx],
  ['y', -LIMITS.offsetPx, LIMITS.offsetPx],
  ['scale', 0, LIMITS.scale],
  ['opacity', 0, 1],
  ['cornerRadius', 0, LIMITS.radiusPx],
  ['width', 0, LIMITS.extentPx],
  ['height', 0, LIMITS.extentPx],
  ['lineWidth', 0, LIMITS.borderPx],
];

test('both bounds of a field are allowed, and nothing beyond', () => {
  for (const [field, min, max] of BOUNDS) {
    for (const value of [min, max]) assert.deepEqual(complaints(shapeWith({ [field]: value })), {});
    for (const value of [min - 0.001, max + 0.001])
      assert.deepEqual(Object.keys(complaints(shapeWith({ [field]: value }))), [
        `/layers/0/${field}`,
      ]);
  }
});

test('texts, lists and names have their limits', () => {
  const text = (chars: number): unknown =>
    sceneWith({ id: 'a', type: 'text', text: 'x'.repeat(chars) });
  assert.deepEqual(complaints(text(LIMITS.textChars)), {});
  assert.deepEqual(Object.keys(complaints(text(LIMITS.textChars + 1))), ['/layers/0/text']);

  const layers = (count: number): unknown =>
    sceneWith(...Array.from({ length: count }, (_, i) => ({ ...SHAPE, id: `l${i}` })));
  assert.deepEqual(complaints(layers(LIMITS.layersPerScene)), {});
  assert.deepEqual(Object.keys(complaints(layers(LIMITS.layersPerScene + 1))), ['/layers']);

  const moving = (animations: number, keyframes: number): unknown =>
    shapeWith({
      animations: Array.from({ length: animations }, () => ({
        property: 'x',
        keyframes: Array.from({ length: keyframes }, (_, i) => ({ atMs: i, value: i })),
      })),
    });
  assert.deepEqual(complaints(moving(LIMITS.animationsPerLayer, 2)), {});
  assert.deepEqual(Object.keys(complaints(moving(LIMITS.animationsPerLayer + 1, 2))), [
    '/layers/0/animations',
  ]);
  assert.deepEqual(complaints(moving(1, LIMITS.keyframesPerAnimation)), {});
  assert.notDeepEqual(complaints(moving(1, LIMITS.keyframesPerAnimation + 1)), {});
  assert.notDeepEqual(complaints(moving(1, 0)), {});
});

test('ids stand in addresses: plain, and not too long', () => {
  for (const id of ['a', '9', 'lot-42', 'A_b-C', 'x'.repeat(64)])
    assert.deepEqual(complaints({ id }), {}, id);
  for (const id of ['', '-a', '_a', 'a b', 'a/b', 'ä', 'x'.repeat(65), 'a.b', 7])
    assert.deepEqual(Object.keys(complaints({ id })), ['/id'], String(id));
});

test('every layer that has the id of an earlier one is named', () => {
  const layers = ['a', 'b', 'a', 'c', 'a'].map((id) => ({ ...SHAPE, id }));
  const found = complaints(sceneWith(...layers));
  assert.deepEqual(Object.keys(found), ['/layers/2/id', '/layers/4/id']);
});

test('colours are those of CSS', () => {
  for (const fill of ['#fc0', '#ffcc00', '#ffcc0080', 'white', 'rgb(0 0 0 / 50%)', 'transparent'])
    assert.deepEqual(complaints(shapeWith({ fill })), {}, fill);
  for (const fill of ['#ggg', 'colour', '', 'rgb(', 7, null])
    assert.deepEqual(Object.keys(complaints(shapeWith({ fill }))), ['/layers/0/fill']);
});

test('time zones are those of the list, and moments have an offset', () => {
  const clock = (timeZone: string): unknown => sceneWith({ id: 'a', type: 'clock', timeZone });
  for (const zone of ['UTC', 'Europe/Paris', 'Asia/Kathmandu', 'America/New_York'])
    assert.deepEqual(complaints(clock(zone)), {}, zone);
  assert.match(complaints(clock('Mars/Olympus'))['/layers/0/timeZone'] ?? '', /time zone/);

  const until = (to: string): unknown => sceneWith({ id: 'a', type: 'countdown', to });
  for (const to of ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00.5+02:00'])
    assert.deepEqual(complaints(until(to)), {}, to);
  for (const to of ['2030-01-01', 'tomorrow', '2030-13-01T00:00:00Z', '2030-01-01T00:00:00'])
    assert.deepEqual(Object.keys(complaints(until(to))), ['/layers/0/to'], to);
});

function movingWith(property: string, ...values: unknown[]): Record<string, string> {
  const keyframes = values.map((value, i) => ({ atMs: i * 100, value }));
  return complaints(shapeWith({ shadow: {}, animations: [{ property, keyframes }] }));
}

test('numbers and colours can move, and nothing else', () => {
  for (const property of ['x', 'opacity', 'anchor.x', 'shadow.blur', 'width', 'lineWidth'])
    assert.deepEqual(movingWith(property, 0, 1), {}, property);
  for (const property of ['fill', 'shadow.color'])
    assert.deepEqual(movingWith(property, 'red', '#00f'), {}, property);
  for (const property of [
    'id',
    'type',
    'shape',
    'visible',
    'blend',
    'border.width',
    'text',
    'shadow',
  ])
    assert.match(
      movingWith(property, 0, 1)['/layers/0/animations/0/property'] ?? '',
      new RegExp(`shape layer.*${property}`),
      property,
    );
  for (const property of ['constructor', 'animations', 'keyframes.length', 'anchor.z', 'a.b.c', ''])
    assert.ok('/layers/0/animations/0/property' in movingWith(property, 0, 1), property);
});

test('fields that say what a layer is do not move', () => {
  const timer = LayerSchema.parse({ id: 'a', type: 'timer' });
  assert.equal(animatedFieldOf(timer, 'offsetMs'), null);
  assert.equal(animatedFieldOf(timer, 'fontWeight'), null);
  assert.equal(animatedFieldOf(timer, 'fontSize'), 48);
  assert.equal(animatedFieldOf(timer, 'color'), '#ffffff');
});

test('values are of the kind of their field, and all of one kind', () => {
  const values = '/layers/0/animations/0/keyframes';
  assert.match(movingWith('x', 'red', 'blue')[`${values}/0/value`] ?? '', /number/);
  assert.match(movingWith('x', 'red', 'blue')[`${values}/1/value`] ?? '', /number/);
  assert.match(movingWith('fill', 1, 2)[`${values}/1/value`] ?? '', /colour/);
  assert.match(
    movingWith('x', 1, 'red')[values] ?? '',
    /all be numbers, all colours or all points/,
  );
});

test('keyframes come in the order of their times', () => {
  const at = (...times: number[]): Record<string, string> =>
    complaints(
      shapeWith({
        animations: [{ property: 'x', keyframes: times.map((atMs) => ({ atMs, value: 1 })) }],
      }),
    );
  assert.deepEqual(at(0, 1, 2), {});
  assert.deepEqual(at(500), {});
  for (const times of [
    [0, 0],
    [100, 50],
    [1, 2, 1],
  ])
    assert.match(at(...times)['/layers/0/animations/0/keyframes'] ?? '', /order/);
  assert.notDeepEqual(at(-1), {});
});
