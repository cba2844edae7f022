import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toVisualOrder } from '../../../src/render/text/bidi.js';
import type { TextSpec } from '../../../src/render/text/text-spec.js';
import { createMonospaceEngine, SPAN, specOf, textsOf } from './monospace.js';

const engine = createMonospaceEngine();

/** Runs of a text's first line from left to right; those that run to the left in brackets. */
function runs(text: string, fields: Partial<TextSpec> = {}): string[] {
  const [line] = engine.setText(specOf(text, fields)).lines;
  assert.ok(line !== undefined);
  return textsOf(line)
    .map((own, i) => (line.runs[i]?.isRightToLeft === true && own !== '' ? `<${own}>` : own))
    .filter((own) => own !== '');
}

test('a text of one direction is one run', () => {
  assert.deepEqual(runs('Sold for 14 ETH!'), ['Sold for 14 ETH!']);
  assert.deepEqual(runs('שלום עולם'), ['<שלום עולם>']);
});

test('runs stand in the order in which they are seen', () => {
  assert.deepEqual(runs('Lot שמן 12'), ['Lot ', '12', '<שמן >']);
  assert.deepEqual(runs('מחיר 1250 EUR סוף'), ['<סוף>', '< >', 'EUR', '< >', '1250', '<מחיר >']);
  assert.deepEqual(runs('a (שלום) b'), ['a (', '<שלום>', ') ', 'b']);
});

test('the direction of a paragraph can be said', () => {
  assert.deepEqual(runs('abc!', { direction: 'rtl' }), ['<!>', 'abc']);
  assert.deepEqual(runs('שלום!', { direction: 'ltr' }), ['<שלום>', '!']);
  assert.deepEqual(runs('שלום!', { direction: 'auto' }), ['<שלום!>']);
});

test('signs that steer the direction are not drawn, but obeyed', () => {
  assert.deepEqual(runs('a\u200fb'), ['a', 'b']);
  assert.deepEqual(runs('\u2067שלום\u2069!'), ['<שלום>', '!']);
});

test('spaces at the end of a line stand at its end, whatever is before them (L1)', () => {
  assert.deepEqual(runs('abc שלום '), ['abc ', '<שלום>', ' ']);
});

test('start and end go by the direction of the paragraph', () => {
  const x = (text: string, align: TextSpec['align']): number | undefined =>
    engine.setText(specOf(text, { align, width: 100 })).lines[0]?.x;
  assert.deepEqual([x('abcd', 'start'), x('abcd', 'end')], [0, 60]);
  assert.deepEqual([x('שלום', 'start'), x('שלום', 'end')], [60, 0]);
  assert.deepEqual([x('שלום', 'left'), x('שלום', 'right'), x('שלום', 'center')], [0, 60, 30]);
});

test('a word that changes its colour keeps its order and its joins', () => {
  const spans = ['مر', 'حبا'].map((text) => ({ ...SPAN, text }));
  const [line] = engine.setText(specOf('', { spans })).lines;
  assert.ok(line !== undefined);
  assert.deepEqual(
    line.runs.map(({ span, isRightToLeft }, i) => [textsOf(line)[i], span, isRightToLeft]),
    [
      ['حبا', 1, true],
      ['مر', 0, true],
    ],
  );
});

test('parts are reversed level by level (L2)', () => {
  const order = (levels: number[]): number[] =>
    toVisualOrder(levels.map((level, i) => ({ level, i }))).map(({ i }) => i);
  assert.deepEqual(order([0, 1, 0]), [0, 1, 2]);
  assert.deepEqual(order([1, 1, 1]), [2, 1, 0]);
  assert.deepEqual(order([1, 2, 1]), [2, 1, 0]);
  assert.deepEqual(order([0, 1, 2, 2, 1, 0]), [0, 4, 2, 3, 1, 5]);
  assert.deepEqual(order([2, 1, 2, 3]), [2, 3, 1, 0]);
});
