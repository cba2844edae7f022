import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayerInput } from '../../../src/scene/schema/layer.js';
import { SceneSchema } from '../../../src/scene/schema/scene.js';
import type { Variables } from '../../../src/scene/variables/json-value.js';
import { createSubstitution } from '../../../src/scene/variables/substitution.js';

function substituted(layer: LayerInput, variables: Variables) {
  const { scene, problems } = createSubstitution()(
    SceneSchema.parse({ id: 's', layers: [layer] }),
    variables,
  );
  const [found] = scene.layers;
  assert.ok(found !== undefined);
  return { layer: found, problems };
}

const COLUMNS = [{ key: 'name' }, { key: 'score' }];

test('cells take variables, by key or in order', () => {
  const rows = [
    { id: 'a', cells: { name: '{{first}}', score: 1 } },
    { id: 'b', cells: ['{{second}}', 2] },
  ];
  const table: LayerInput = { id: 't', type: 'table', columns: COLUMNS, rows };
  const { layer } = substituted(table, { first: 'Ada', second: 'Grace' });
  assert.ok(layer.type === 'table');
  assert.deepEqual(
    layer.rows.map(({ cells }) => cells),
    [{ name: 'Ada', score: 1 }, ['Grace', 2]],
  );
});

test('all rows of a table may come from a variable', () => {
  const table: LayerInput = {
    id: 't',
    type: 'table',
    columns: COLUMNS,
    bindings: { rows: 'leaders' },
  };
  const leaders = [{ id: 'a', cells: { name: 'Ada', score: 3 } }];
  const { layer } = substituted(table, { leaders });
  assert.ok(layer.type === 'table');
  assert.deepEqual(layer.rows, [{ ...leaders[0], shift: 0 }]);
  const twice = substituted(table, { leaders: [...leaders, ...leaders] });
  assert.deepEqual(
    twice.problems.map(({ kind }) => kind),
    ['value'],
  );
  assert.ok(twice.layer.type === 'table');
  assert.deepEqual(twice.layer.rows, []);
});

test('the options of a vote may come from a list, or only their votes from numbers', () => {
  const bound: LayerInput = {
    id: 'v',
    type: 'vote',
    figures: '{count} of {{poll.goal}}',
    bindings: { options: 'poll.options.map(o, {"id": o.key, "label": o.text, "value": o.votes})' },
  };
  const options = [
    { key: 'a', text: 'Apple', votes: 3 },
    { key: 'b', text: 'Pear', votes: 5 },
  ];
  const { layer } = substituted(bound, { poll: { goal: 100, options } });
  assert.ok(layer.type === 'vote');
  assert.equal(layer.figures, '{count} of 100');
  assert.deepEqual(layer.options, [
    { id: 'a', label: 'Apple', value: 3, shift: 0 },
    { id: 'b', label: 'Pear', value: 5, shift: 0 },
  ]);

  const single: LayerInput = {
    id: 'v',
    type: 'vote',
    options: [{ id: 'yes', label: '{{word}}', value: 1 }],
    bindings: { 'options.0.value': 'votes' },
  };
  const found = substituted(single, { word: 'Ja', votes: 7 }).layer;
  assert.ok(found.type === 'vote');
  assert.deepEqual(found.options, [{ id: 'yes', label: 'Ja', value: 7, shift: 0 }]);
  const negative = substituted(single, { word: 'Ja', votes: -1 });
  assert.ok(negative.layer.type === 'vote');
  assert.equal(negative.layer.options[0]?.value, 1, 'what does not fit leaves what is written');
  assert.deepEqual(
    negative.problems.map(({ kind, property }) => [kind, property]),
    [['value', 'options.0.value']],
  );
});

test('how much is done may be a variable', () => {
  const goal: LayerInput = {
    id: 'p',
    type: 'progress',
    max: 200,
    bindings: { value: 'goal.raised' },
    label: { text: '{percent}% of {{goal.name}}' },
  };
  const { layer } = substituted(goal, { goal: { raised: 50, name: 'the roof' } });
  assert.ok(layer.type === 'progress');
  assert.equal(layer.value, 50);
  assert.equal(layer.label?.text, '{percent}% of the roof');
});

test('a code that variables make too long stays as it is written, and that is told', () => {
  const code: LayerInput = { id: 'q', type: 'qr', level: 'H', text: 'see {{link}}' };
  const { layer, problems } = substituted(code, { link: 'x'.repeat(2000) });
  assert.ok(layer.type === 'qr');
  assert.equal(layer.text, 'see {{link}}');
  assert.match(problems[0]?.message ?? '', /can hold at most 1273/);
});
