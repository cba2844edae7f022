import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf } from '../../src/layers/vote/figures.js';
import { placedOptions } from '../../src/layers/vote/order.js';
import { createNumberFormats } from '../../src/render/number-formats.js';
import { VOTE_VIEW } from '../../src/layers/vote/view.js';
import { VoteLayerSchema } from '../../src/layers/vote/schema.js';
import type { LayerView } from '../../src/render/piece.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { compileAtRest } from '../../src/scene/resolve.js';
import { complaintsAbout } from '../scene/complaints.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { SILENCE } from '../../src/scene/sound/heard.js';
import { nextId, sheet, WARM } from '../render/sheet.js';

type Vote = Extract<LayerInput, { type: 'vote' }>;

function vote(x: number, y: number, fields: Partial<Vote>): Vote {
  return {
    id: nextId(),
    type: 'vote',
    x,
    y,
    width: 145,
    height: 75,
    fontSize: 13,
    gap: 6,
    ...fields,
  };
}

const OPTIONS: NonNullable<Vote['options']> = [
  { id: 'a', label: 'Sell now', value: 412 },
  { id: 'b', label: 'Wait for one more bid, or for two', value: 655, color: '#34d399' },
  { id: 'c', label: 'Withdraw', value: 98 },
];

sheet('votes', [
  vote(10, 8, { options: OPTIONS }),
  vote(165, 8, {
    options: OPTIONS,
    order: 'descending',
    figures: '{count} ({percent})',
    labels: 'inside',
    winner: { fill: '#be123c', color: '#fde68a', fontWeight: 800 },
    barRadius: 4,
  }),
  vote(10, 93, {
    options: [
      { id: 'a', label: 'כן', value: 34 },
      { id: 'b', label: 'אולי מחר בבוקר, אם לא ירד גשם', value: 34 },
      { id: 'c', label: 'לא', value: 12 },
    ],
    scaleTo: 'largest',
  }),
  vote(165, 93, {
    options: OPTIONS,
    orientation: 'vertical',
    figures: '{count}',
    background: '#00000080',
    padding: 6,
    cornerRadius: 10,
    border: { width: 2, color: '#38bdf8' },
    shadow: {},
    fill: WARM,
    winner: null,
  }),
]);

sheet('votes-of-all-sizes', [
  vote(10, 8, { options: OPTIONS.map((option) => ({ ...option, value: 0 })), height: 60 }),
  vote(165, 8, { options: [{ id: 'only', label: 'The only one', value: 3 }], height: 40 }),
  vote(165, 52, { options: [], background: '#ffffff20', height: 16, cornerRadius: 8 }),
  vote(10, 74, {
    options: Array.from({ length: 20 }, (_, i) => ({
      id: `o${i}`,
      label: `No ${i + 1}`,
      value: i * i,
    })),
    height: 100,
    figures: '{count}',
  }),
  vote(165, 74, {
    options: Array.from({ length: 20 }, (_, i) => ({
      id: `o${i}`,
      label: `${i + 1}`,
      value: 20 - i,
    })),
    height: 100,
    orientation: 'vertical',
    figures: '{count}',
    scaleTo: 'largest',
    direction: 'rtl',
    opacity: 0.7,
    rotation: -3,
  }),
]);

const text = createTextEngine();

function viewOf(fields: Partial<Vote>): LayerView {
  const layer = VoteLayerSchema.parse({ id: 'v', type: 'vote', width: 400, ...fields });
  const nothing = (): null => null;
  const context = {
    sceneTimeMs: 0,
    wallOffsetMs: 0,
    heard: SILENCE,
    programTimeMs: 0,
    scale: 1,
    text,
    appearance: {},
    isBetweenPixels: false,
    picture: nothing,
    pictureOffset: nothing,
    videoFrame: () => null,
    livePicture: () => null,
    takenAtMs: 0,
  };
  return VOTE_VIEW.create()(layer, context, compileAtRest(layer));
}

/** The colours of the bars of a view, by the ids of their options. */
function barColors({ pieces }: LayerView): Record<string, unknown> {
  return Object.fromEntries(
    pieces.flatMap(({ name, content }) =>
      name.endsWith(' bar') && 'drawing' in content && content.drawing.kind === 'rectangle'
        ? [[name.replace(' bar', ''), content.drawing.fill]]
        : [],
    ),
  );
}

function optionsOf(values: Readonly<Record<string, number>>): NonNullable<Vote['options']> {
  return Object.entries(values).map(([id, value]) => ({ id, label: id, value }));
}

test('marks whoever has the most votes, all of them at a tie, and nobody as long as there are none', () => {
  const winner = { fill: 'gold' };
  const colors = (values: Record<string, number>): Record<string, unknown> =>
    barColors(viewOf({ options: optionsOf(values), fill: 'blue', winner }));
  assert.deepEqual(colors({ a: 3, b: 2 }), { a: 'gold', b: 'blue' });
  assert.deepEqual(colors({ a: 3, b: 3, c: 1 }), { a: 'gold', b: 'gold', c: 'blue' });
  assert.deepEqual(colors({ a: 0, b: 0 }), {});
  const unmarked = viewOf({ options: optionsOf({ a: 3, b: 2 }), fill: 'blue', winner: null });
  assert.deepEqual(barColors(unmarked), { a: 'blue', b: 'blue' });
});

test('a change of the votes paints no bar and no label anew', () => {
  const keys = new Set(
    Array.from({ length: 101 }, (_, i) => i + 100).flatMap((value) =>
      viewOf({ options: optionsOf({ a: value, b: 1000 }), figures: '{count}' })
        .pieces.filter(({ name }) => !name.includes('figures'))
        .map(({ content }) => content.key),
    ),
  );
  // What lies below, which is the same for both, two colours of bars, and two labels.
  assert.equal(keys.size, 5);
});

test('writes shares and votes as their formats say, in the language of the layer', () => {
  const figures = (fields: Partial<Vote>): string => {
    const layer = VoteLayerSchema.parse({
      id: 'v',
      type: 'vote',
      options: optionsOf({ a: 1234.6, b: 2469.2 }),
      ...fields,
    });
    const total = layer.options.reduce((sum, { value }) => sum + value, 0);
    return figuresOf(layer, 1234.6, total, createNumberFormats());
  };
  assert.equal(figures({}), '33%');
  assert.equal(figures({ figures: '{count} / {total}', locale: 'de' }), '1.235 / 3.704');
  assert.equal(figures({ percentFormat: { style: 'percent', minimumFractionDigits: 1 } }), '33.3%');
  assert.equal(figures({ figures: '{votes}\nx' }), '{votes} x');
  assert.equal(figures({ figures: '' }), '');
});

test('options stand by their votes when that is wanted, equals as they are written', () => {
  const order = (wanted: Vote['order']): string[] =>
    placedOptions(
      VoteLayerSchema.parse({
        id: 'v',
        type: 'vote',
        order: wanted,
        options: optionsOf({ a: 2, b: 5, c: 2, d: 9 }),
      }),
    ).map(({ option }) => option.id);
  assert.deepEqual(order('written'), ['a', 'b', 'c', 'd']);
  assert.deepEqual(order('descending'), ['d', 'b', 'a', 'c']);
  assert.deepEqual(order('ascending'), ['a', 'c', 'b', 'd']);
});

test('refuses options with one id, more than there may be, and votes below none', () => {
  const options = optionsOf({ a: 1 });
  assert.deepEqual(complaintsAbout({ type: 'vote', options: [...options, ...options] }), {
    'options.1.id': 'must differ from every other id of options',
  });
  const many = Array.from({ length: 21 }, (_, i) => ({ id: `o${i}` }));
  assert.ok('options' in complaintsAbout({ type: 'vote', options: many }));
  assert.ok(
    'options.0.value' in complaintsAbout({ type: 'vote', options: [{ id: 'a', value: -1 }] }),
  );
  assert.deepEqual(complaintsAbout({ type: 'vote' }), {});
});
