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
  assert.match(problems[0]?.message ?? '', /holds 1273/);
});
