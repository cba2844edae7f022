import fc from 'fast-check';
import { PATTERNS } from '../../src/layers/pattern/schema.js';
import { colours, type LooseLayer } from './random-styles.js';

/** Figures, patterns, codes, progress, tables and votes by chance. */

const extents = fc.integer({ min: 1, max: 120 });
const gradients = fc.record({
  type: fc.constantFrom('linear', 'radial', 'conic'),
  stops: fc
    .tuple(colours, colours)
    .map(([from, to]) => [from, to].map((color, at) => ({ at, color }))),
});
const paints = fc.oneof(colours, gradients);

const strokes = fc.record({
  color: paints,
  width: fc.integer({ min: 0, max: 9 }),
  dash: fc.constantFrom([], [6, 4], [0, 7]),
  cap: fc.constantFrom('butt', 'round', 'square'),
  join: fc.constantFrom('miter', 'round', 'bevel'),
  align: fc.constantFrom('inside', 'center', 'outside'),
});

/** A number that goes from one value to another and back, as long as it is looked at. */
function movingOf(property: string, from: number, to: number): LooseLayer {
  const keyframes = [from, to].map((value, i) => ({ atMs: i * 700, value }));
  return { animations: [{ property, keyframes, repeat: 'forever', alternate: true }] };
}

function sometimes(moving: LooseLayer): fc.Arbitrary<LooseLayer> {
  return fc.constantFrom({}, moving);
}

const figures = fc
  .tuple(
    fc.record({
      type: fc.constant('shape'),
      shape: fc.constantFrom('rectangle', 'ellipse', 'line', 'polygon', 'star', 'path'),
      path: fc.constant('M-5 0C40 80 60-30 90 40z'),
      width: extents,
      height: extents,
      fill: paints,
      pointCount: fc.integer({ min: 3, max: 9 }),
      stroke: fc.option(strokes),
    }),
    sometimes(movingOf('pointCount', 3, 8)),
  )
  .map(([layer, moving]) => ({ ...layer, ...moving }));

const progress = fc
  .tuple(
    fc.record({
      type: fc.constant('progress'),
      style: fc.constantFrom('bar', 'bar', 'ring', 'segments'),
      direction: fc.constantFrom('right', 'left', 'up', 'down'),
      value: fc.double({ min: 0, max: 1, noNaN: true }),
      width: extents,
      height: extents,
      fill: paints,
      label: fc.constantFrom(null, { fontSize: 14 }),
    }),
    sometimes(movingOf('value', -0.1, 1.1)),
  )
  .map(([layer, moving]) => ({ ...layer, ...moving }));

const tables = fc
  .tuple(
    fc.record({
      type: fc.constant('table'),
      width: fc.integer({ min: 20, max: 150 }),
      rowHeight: fc.integer({ min: 10, max: 30 }),
      background: paints,
      rank: fc.boolean(),
      sortBy: fc.constantFrom(null, { column: 'score' }),
      scores: fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 4 }),
    }),
    sometimes(movingOf('rows.0.shift', 0, 2)),
  )
  .map(([{ scores, ...layer }, moving]) => ({
    ...layer,
    ...moving,
    fontSize: 12,
    header: { height: 16, fontSize: 10 },
    cellPadding: 4,
    columns: [
      { key: 'name', title: 'Name' },
      { key: 'score', align: 'right' },
    ],
    rows: scores.map((score, i) => ({ id: `row${i}`, cells: { name: `Row ${i}`, score } })),
  }));

const votes = fc
  .tuple(
    fc.record({
      type: fc.constant('vote'),
      width: fc.integer({ min: 20, max: 150 }),
      height: fc.integer({ min: 10, max: 120 }),
      orientation: fc.constantFrom('horizontal', 'vertical'),
      direction: fc.constantFrom('ltr', 'rtl'),
      order: fc.constantFrom('written', 'descending'),
      labels: fc.constantFrom('outside', 'inside'),
      background: paints,
      fill: paints,
      votes: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 4 }),
    }),
    sometimes(movingOf('options.0.value', 0, 60)),
  )
  .map(([{ votes: values, ...layer }, moving]) => ({
    ...layer,
    ...moving,
    fontSize: 12,
    gap: 4,
    options: values.map((value, i) => ({ id: `o${i}`, label: `Option ${i}`, value })),
  }));

/** Layers of these kinds. */
export const figureLayers: fc.Arbitrary<LooseLayer> = fc.oneof(
  { weight: 3, arbitrary: figures },
  { weight: 3, arbitrary: progress },
  { weight: 2, arbitrary: tables },
  { weight: 2, arbitrary: votes },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('pattern'),
      pattern: fc.constantFrom(...PATTERNS),
      width: extents,
      height: extents,
      cellSize: fc.integer({ min: 4, max: 20 }),
      color: colours,
      background: colours,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('qr'),
      text: fc.constantFrom('a', 'https://example.com/lots/42'),
      width: extents,
      height: extents,
      dark: colours,
      light: colours,
    }),
  },
);
