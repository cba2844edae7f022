import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Layer, LayerInput } from '../../../src/scene/schema/layer.js';
import { type Scene, SceneSchema } from '../../../src/scene/schema/scene.js';
import type { Variables } from '../../../src/scene/variables/json-value.js';
import { checkExpressions, usedVariables } from '../../../src/scene/variables/layer-expressions.js';
import { createSubstitution } from '../../../src/scene/variables/substitution.js';

const PRICE: LayerInput = { id: 'price', type: 'text', text: '{{bid.amount | currency:"EUR"}}' };
const STILL: LayerInput = { id: 'still', type: 'text', text: 'Lot 7' };
const BADGE: LayerInput = {
  id: 'badge',
  type: 'shape',
  shape: 'rectangle',
  width: 100,
  height: 20,
  fill: '#333333',
  bindings: { visible: 'bid.amount > 100', width: 'bid.amount * 2', fill: 'team.color' },
};

function sceneOf(layers: LayerInput[], fields: { locale?: string } = {}): Scene {
  return SceneSchema.parse({ id: 's', layers, ...fields });
}

function layersById(layers: readonly Layer[]): Map<string, Layer> {
  return new Map(layers.map((layer) => [layer.id, layer]));
}

function textOf(layer: Layer | undefined): string {
  return layer?.type === 'text' ? (layer.text ?? '') : '';
}

test('puts variables into texts and bound fields', () => {
  const substitute = createSubstitution();
  const variables: Variables = { bid: { amount: 120 }, team: { color: 'rebeccapurple' } };
  const { scene, problems } = substitute(sceneOf([PRICE, BADGE], { locale: 'de' }), variables);
  const [price, badge] = scene.layers;
  assert.equal(textOf(price).replace(/\s/g, ' '), '120,00 €');
  assert.ok(badge?.type === 'shape');
  assert.deepEqual([badge.visible, badge.width, badge.fill], [true, 240, 'rebeccapurple']);
  assert.deepEqual(badge.bindings, {});
  assert.deepEqual(problems, []);
});

test('gives back a scene without expressions as it is', () => {
  const scene = sceneOf([STILL]);
  assert.equal(createSubstitution()(scene, { a: 1 }).scene, scene);
});

test('touches only the layers that depend on what has changed', () => {
  const substitute = createSubstitution();
  const scene = sceneOf([
    STILL,
    PRICE,
    { id: 'group', type: 'group', layers: [BADGE, { ...STILL, id: 'inner' }] },
    { id: 'other', type: 'group', layers: [{ id: 'name', type: 'text', text: '{{seller}}' }] },
  ]);
  const start: Variables = { bid: { amount: 120, by: 'Ada' }, team: { color: 'red' }, seller: 'S' };
  const first = substitute(scene, start).scene;
  assert.equal(first.layers[0], scene.layers[0]);

  assert.equal(substitute(scene, { ...start, seller: 'S', more: 1 }).scene, first);
  assert.equal(substitute(scene, { ...start, bid: { amount: 120, by: 'Bob' } }).scene, first);

  const second = substitute(scene, { ...start, seller: 'T' }).scene;
  const isSame = second.layers.map((layer, i) => layer === first.layers[i]);
  assert.deepEqual(isSame, [true, true, true, false]);

  const third = substitute(scene, { ...start, seller: 'T', team: { color: 'blue' } }).scene;
  assert.deepEqual(
    third.layers.map((layer, i) => layer === second.layers[i]),
    [true, true, false, true],
  );
  const [groupBefore, groupAfter] = [second.layers[2], third.layers[2]];
  assert.ok(groupBefore?.type === 'group' && groupAfter?.type === 'group');
  assert.notEqual(groupAfter.layers[0], groupBefore.layers[0]);
  assert.equal(groupAfter.layers[1], groupBefore.layers[1]);
});

test('gives the same object again when other values come to the same', () => {
  const substitute = createSubstitution();
  const scene = sceneOf([{ ...STILL, bindings: { visible: 'bid.amount > 100' } }]);
  const first = substitute(scene, { bid: { amount: 120 } }).scene;
  assert.equal(substitute(scene, { bid: { amount: 130 } }).scene, first);
  assert.notEqual(substitute(scene, { bid: { amount: 90 } }).scene, first);
});

test('keeps what it has put in while other layers of the scene are edited', () => {
  const substitute = createSubstitution();
  const variables: Variables = { bid: { amount: 1 } };
  const scene = sceneOf([PRICE, STILL]);
  const first = substitute(scene, variables).scene;
  const [price] = scene.layers;
  assert.ok(price !== undefined);
  const edited = { ...scene, layers: [price, ...sceneOf([{ ...STILL, x: 5 }]).layers] };
  assert.equal(substitute(edited, variables).scene.layers[0], first.layers[0]);
});

test('leaves a field as it is when its expression fails or does not fit, and tells why', () => {
  const substitute = createSubstitution();
  const scene = sceneOf([
    { ...BADGE, bindings: { visible: 'bid.amount', width: 'bid.name + 1', fill: 'team.color' } },
  ]);
  const variables: Variables = { bid: { amount: 5, name: 'x' }, team: { color: 'no colour' } };
  const { scene: shown, problems } = substitute(scene, variables);
  const [badge] = shown.layers;
  assert.ok(badge?.type === 'shape');
  assert.deepEqual([badge.visible, badge.width, badge.fill], [true, 100, '#333333']);
  assert.deepEqual(
    problems.map(({ layerId, property, kind }) => [layerId, property, kind]),
    [
      ['badge', 'visible', 'value'],
      ['badge', 'width', 'expression'],
      ['badge', 'fill', 'value'],
    ],
  );
  const [missing] = substitute(scene, {}).problems;
  assert.equal(missing?.kind, 'unknown-variable');
  assert.equal(missing.message, 'there is no variable bid.amount');
});

test('reaches into lists as far as they go', () => {
  const filters: LayerInput['filters'] = [{ type: 'brightness', amount: 1 }];
  const bindings = { 'filters.0.amount': 'level', 'filters.1.amount': 'level' };
  const { scene, problems } = createSubstitution()(sceneOf([{ ...STILL, filters, bindings }]), {
    level: 2,
  });
  assert.deepEqual(scene.layers[0]?.filters, [{ type: 'brightness', amount: 2 }]);
  assert.deepEqual(
    problems.map(({ property, kind }) => [property, kind]),
    [['filters.1.amount', 'value']],
  );
});

test('does not take a value for a text with placeholders', () => {
  const substitute = createSubstitution();
  const scene = sceneOf([
    { ...STILL, id: 'bound', bindings: { text: 'notice' } },
    { ...STILL, id: 'shown', text: '{{notice}}' },
  ]);
  const { scene: shown } = substitute(scene, { notice: '{{secret}}', secret: 'x' });
  assert.deepEqual(shown.layers.map(textOf), ['{{secret}}', '{{secret}}']);
  const again = substitute(shown, { secret: 'x' });
  assert.deepEqual(
    again.scene.layers.map((layer) => layer.id),
    ['bound', 'shown'],
  );
});

test('binds fields deep inside, and takes the language from layer, group or scene', () => {
  const substitute = createSubstitution();
  const amount: LayerInput = { id: 'amount', type: 'text', text: '{{n | number}}' };
  const scene = sceneOf(
    [
      { ...STILL, shadow: { blur: 2 }, bindings: { 'shadow.blur': 'n / 100', 'anchor.x': '0.5' } },
      amount,
      { id: 'group', type: 'group', locale: 'en', layers: [{ ...amount, id: 'inner' }] },
      { ...amount, id: 'own', locale: 'fr' },
    ],
    { locale: 'de' },
  );
  const { layers } = substitute(scene, { n: 1234.5 }).scene;
  const [still, plain, group, own] = layers;
  assert.ok(still?.shadow !== null && still?.shadow !== undefined && !Array.isArray(still.shadow));
  assert.deepEqual([still.shadow.blur, still.anchor.x], [12.345, 0.5]);
  assert.ok(group?.type === 'group');
  const texts = [plain, group.layers[0], own].map((layer) => textOf(layer).replace(/\s/g, ' '));
  assert.deepEqual(texts, ['1.234,5', '1,234.5', '1 234,5']);
});

test('tells what a layer depends on and what in it cannot be understood', () => {
  const [price, badge] = sceneOf([PRICE, BADGE]).layers;
  assert.ok(price !== undefined && badge !== undefined);
  assert.deepEqual(usedVariables(price), ['bid.amount']);
  assert.deepEqual([...usedVariables(badge)].sort(), ['bid.amount', 'team.color']);
  const wrong = sceneOf([
    { id: 'a', type: 'text', text: '{{a b}}' },
    { id: 'g', type: 'group', layers: [{ ...STILL, bindings: { x: '1 +', type: '"x"' } }] },
  ]);
  assert.deepEqual(
    checkExpressions(wrong.layers).map(({ path }) => path.join('/')),
    ['0/text', '1/layers/0/bindings/x', '1/layers/0/bindings/type'],
  );
  const { scene, problems } = createSubstitution()(wrong, {});
  assert.equal(textOf(layersById(scene.layers).get('a')), '{{a b}}');
  assert.equal(problems.length, 3);
});

test('a layer stays the same object when a value that it does not read comes back to what it was', () => {
  const substitute = createSubstitution();
  const visible: LayerInput = { ...STILL, bindings: { visible: 'b == 1' } };
  const moved: LayerInput = { ...STILL, id: 'moved', bindings: { x: 'c.x' } };
  const group: LayerInput = { id: 'group', type: 'group', layers: [visible, moved] };
  for (const layers of [[visible, moved], [group]]) {
    const scene = sceneOf(layers);
    const states: Variables[] = [
      { b: 1, c: { x: 0 } },
      { b: 'text' },
      {},
      { b: 1 },
      { b: 1, c: { x: 0 } },
    ];
    const shown = states.map((variables) => substitute(scene, variables).scene);
    // All but the second show the same: with a problem or without, the layer is visible and at 0.
    for (const at of [2, 3, 4]) {
      assert.deepEqual(shown[at], shown[0]);
      assert.equal(shown[at], shown[0]);
    }
  }
});

test('a layer whose variables stand still stays the same object, however often others change', () => {
  const substitute = createSubstitution();
  const inner: LayerInput = { id: 'group', type: 'group', layers: [PRICE, BADGE] };
  const scene = sceneOf([inner, { id: 'count', type: 'text', text: '{{count}}' }]);
  const bid = { amount: 120 };
  const [first] = substitute(scene, { bid, count: 0 }).scene.layers;
  for (let count = 1; count < 20; count++) {
    for (const value of [0, count]) {
      const [shown] = substitute(scene, { bid, count: value }).scene.layers;
      assert.equal(shown, first);
    }
  }
});
