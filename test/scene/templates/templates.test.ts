import assert from 'node:assert/strict';
import { test } from 'node:test';
import { walkLayers } from '../../../src/scene/layer-tree.js';
import { BUILT_IN_TEMPLATES } from '../../../src/scene/templates/built-in.js';
import { expand } from '../../../src/scene/templates/expand.js';
import { complaintsAboutTemplate, instantiate } from '../../../src/scene/templates/instantiate.js';
import { type TemplateInput, TemplateSchema } from '../../../src/scene/templates/template.js';
import { usedVariables } from '../../../src/scene/variables/layer-expressions.js';

const PARAMETERS = {
  title: 'Lot 7',
  size: 42,
  shown: true,
  nothing: null,
  none: [],
  people: [{ name: 'Ada', score: 3 }, { name: 'Bob' }],
};

function expanded(document: Parameters<typeof expand>[0]): unknown {
  const { document: result, complaints } = expand(document, PARAMETERS);
  assert.deepEqual(complaints, []);
  return result;
}

function complaintsOf(document: Parameters<typeof expand>[0]): string[] {
  return expand(document, PARAMETERS).complaints.map(({ path }) => path.join('.'));
}

test('a placeholder alone keeps the type of its parameter, one inside a text becomes text', () => {
  assert.deepEqual(expanded({ text: '${title}', width: '${size}', visible: '${shown}' }), {
    text: 'Lot 7',
    width: 42,
    visible: true,
  });
  assert.deepEqual(expanded(['<${title}, ${size}>', '$${title} {{bid}} $5']), [
    '<Lot 7, 42>',
    '${title} {{bid}} $5',
  ]);
});

test('a field or item whose parameter is not there is left out, in a text it leaves nothing', () => {
  assert.deepEqual(expanded({ a: '${nothing}', b: '[${nothing}]', c: ['${nothing}', 1] }), {
    b: '[]',
    c: [1],
  });
});

test('$if and $unless say whether an object is there', () => {
  const layers = ['shown', 'nothing', 'none', 'people'].flatMap((name) => [
    { $if: name, id: `if ${name}` },
    { $unless: name, id: `unless ${name}` },
  ]);
  assert.deepEqual(expanded({ layers, mask: { $if: 'nothing', x: 1 } }), {
    layers: [
      { id: 'if shown' },
      { id: 'unless nothing' },
      { id: 'unless none' },
      { id: 'if people' },
    ],
  });
});

test('$each puts an object there for every item of a list, also inside of others', () => {
  const row = {
    $each: 'people',
    id: 'row-${index}',
    text: '${number}. ${item.name}',
    parts: [{ $if: 'item.score', score: '${item.score}' }],
  };
  assert.deepEqual(expanded([row, { $each: 'none', id: 'x' }]), [
    { id: 'row-0', text: '1. Ada', parts: [{ score: 3 }] },
    { id: 'row-1', text: '2. Bob', parts: [] },
  ]);
});

test('tells where a document names what is not there', () => {
  assert.deepEqual(complaintsOf({ a: ['${missing}', 'x ${1+1}'] }), ['a.0', 'a.1']);
  assert.deepEqual(complaintsOf([{ $each: 'title' }, { $iff: 'shown' }]), ['0.$each', '1.$iff']);
  assert.deepEqual(complaintsOf(['${constructor}', '${__proto__}', '${toString}']), [
    '0',
    '1',
    '2',
  ]);
});

test('stops lists in lists before they fill the memory', () => {
  const numbers = Array.from({ length: 200 }, (_, i) => i);
  const nested = [{ $each: 'n', a: [{ $each: 'n', b: [{ $each: 'n', c: 'x'.repeat(100) }] }] }];
  const { complaints } = expand(nested, { n: numbers });
  assert.match(complaints[0]?.message ?? '', /expands to more than/);
});

const LOWER_THIRD: TemplateInput = {
  id: 'lower-third',
  name: 'Lower third',
  parameters: [
    { name: 'person', type: 'string', required: true },
    { name: 'accent', type: 'color', default: 'gold' },
    { name: 'size', type: 'number' },
  ],
  scene: {
    layers: [
      { id: 'who', type: 'text', text: '${person}', color: '${accent}', fontSize: '${size}' },
    ],
  },
};

test('a scene is made with what is given, with defaults, and with the defaults of the fields', () => {
  const template = TemplateSchema.parse(LOWER_THIRD);
  const made = instantiate(template, { id: 's', name: null, parameters: { person: 'Ada' } });
  assert.ok('scene' in made);
  assert.deepEqual([made.scene.id, made.scene.name], ['s', 'Lower third']);
  const [who] = made.scene.layers;
  assert.ok(who?.type === 'text');
  assert.deepEqual([who.text, who.color, who.fontSize], ['Ada', 'gold', 48]);
});

test('a scene is not made of wrong parameters, nor of ones that do not fit where they stand', () => {
  const template = TemplateSchema.parse(LOWER_THIRD);
  const complain = (parameters: Record<string, string | number>): string[] => {
    const made = instantiate(template, { id: 's', name: null, parameters });
    assert.ok('complaints' in made);
    return made.complaints.map(({ path }) => `${made.about}.${path.join('.')}`);
  };
  assert.deepEqual(complain({}), ['parameters.person']);
  assert.deepEqual(complain({ person: 1, accent: 'no colour', more: 1 }), [
    'parameters.more',
    'parameters.person',
    'parameters.accent',
  ]);
  assert.deepEqual(complain({ person: 'Ada', size: 5000 }), ['scene.layers.0.fontSize']);
  assert.deepEqual(complain({ person: '{{a b}}' }), ['scene.layers.0.text']);
});

for (const template of BUILT_IN_TEMPLATES) {
  test(`${template.id} makes a scene of nothing but its defaults, and names the variables that it uses`, () => {
    assert.deepEqual(complaintsAboutTemplate(template), []);
    const made = instantiate(template, { id: 's', name: null, parameters: {} });
    assert.ok('scene' in made);
    const roots = [...walkLayers(made.scene.layers)].flatMap(({ layer }) =>
      usedVariables(layer).map((path) => path.split('.')),
    );
    assert.ok(roots.length > 5);
    for (const [root = '', field = ''] of roots) {
      assert.match(template.description, new RegExp(`\\b${root}\\b`), root);
      assert.match(template.description, new RegExp(`\\b${field}\\b`), field);
    }
  });

  test(`${template.id} takes a picture for every parameter that is one`, () => {
    const pictures = template.parameters.filter(({ type }) => type === 'asset');
    const parameters = Object.fromEntries(pictures.map(({ name }) => [name, `${name}-asset`]));
    const made = instantiate(template, { id: 's', name: 'Mine', parameters });
    assert.ok('scene' in made);
    const shown = [...walkLayers(made.scene.layers)].flatMap(({ layer }) =>
      layer.type === 'image' ? [layer.asset] : [],
    );
    assert.deepEqual(shown.sort(), Object.values(parameters).sort());
    assert.equal(made.scene.name, 'Mine');
  });
}
