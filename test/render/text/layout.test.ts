import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TextLayout, TextSpec } from '../../../src/render/text/text-spec.js';
import { createMonospaceEngine, SPAN, specOf, textsOf } from './monospace.js';

const engine = createMonospaceEngine();

function layout(text: string, fields: Partial<TextSpec> = {}): TextLayout {
  return engine.setText(specOf(text, fields));
}

function lines(text: string, fields: Partial<TextSpec> = {}): string[] {
  return layout(text, fields).lines.map((line) => line.text);
}

test('a text without a box is as large as it is', () => {
  const { width, height } = layout('Sold\nfor 14', { lineHeight: 1.5 });
  assert.deepEqual([width, height], [60, 60]);
  assert.deepEqual([layout('').width, layout('').height], [1, 20]);
  assert.equal(layout('a\n').height, 40);
});

test('lines are as long as fits, and spaces at their ends do not count', () => {
  assert.deepEqual(lines('Two Lovers at Dusk', { width: 100 }), ['Two Lovers', 'at Dusk']);
  assert.deepEqual(lines('Two Lovers at Dusk', { width: 99 }), ['Two', 'Lovers at', 'Dusk']);
  assert.deepEqual(lines('a   b', { width: 10 }), ['a', 'b']);
  assert.deepEqual(lines('Two Lovers', { width: 50, wrap: 'none' }), ['Two Lovers']);
});

test('all ends of lines that systems have end a paragraph', () => {
  assert.deepEqual(lines('a\nb\r\nc\rd\u2028e\n'), ['a', 'b', 'c', 'd', 'e', '']);
});

test('a word that is longer than the line is cut between signs', () => {
  assert.deepEqual(lines('abcdefgh ij', { width: 30 }), ['abc', 'def', 'gh', 'ij']);
  assert.deepEqual(lines('e\u0301e\u0301e\u0301', { width: 20 }), ['e\u0301e\u0301', 'e\u0301']);
  assert.deepEqual(lines('abc', { width: 1 }), ['a', 'b', 'c']);
});

test('a soft hyphen is a hyphen where the line breaks, and nothing elsewhere', () => {
  const set = layout('auc\u00adtion\u00adeer', { width: 80 });
  assert.deepEqual(
    set.lines.map((line) => textsOf(line).join('')),
    ['auction-', 'eer'],
  );
  assert.deepEqual(lines('auc\u00adtion', { width: 30 })[0], 'auc');
});

test('lines stand where they are aligned', () => {
  const x = (align: TextSpec['align']): number[] =>
    layout('abc\nabcde', { width: 100, align }).lines.map((line) => line.x);
  assert.deepEqual(x('left'), [0, 0]);
  assert.deepEqual(x('center'), [35, 25]);
  assert.deepEqual(x('right'), [70, 50]);
  const tops = (verticalAlign: TextSpec['verticalAlign']): number[] =>
    layout('a\nb', { height: 100, verticalAlign }).lines.map((line) => line.top);
  assert.deepEqual(
    [tops('top'), tops('middle'), tops('bottom')],
    [
      [0, 20],
      [30, 50],
      [60, 80],
    ],
  );
});

test('justified lines fill the width, but for the last of a paragraph', () => {
  const { lines: set } = layout('aa bb cc dd\ne f', { width: 90, align: 'justify' });
  assert.deepEqual(
    set.map((line) => line.width),
    [90, 20, 30],
  );
  const [first] = set;
  assert.ok(first !== undefined);
  const places = Array.from(first.text, (letter, i) => [letter, first.glyphs.xs[i]]);
  assert.deepEqual(
    places.filter(([letter]) => letter !== ' '),
    [
      ['a', 0],
      ['a', 10],
      ['b', 35],
      ['b', 45],
      ['c', 70],
      ['c', 80],
    ],
  );
  const [cjk] = layout('日本語です', { width: 45, align: 'justify' }).lines;
  assert.ok(cjk !== undefined);
  assert.ok(Math.abs(cjk.width - 45) < 1e-9);
  assert.equal(cjk.runs.length, 1);
  assert.ok(cjk.glyphs.xs.slice(0, 4).every((x, i) => Math.abs(x - (i * 35) / 3) < 1e-3));
});

test('what does not fit into the lines is left out, and an ellipsis says so', () => {
  const cut = layout('Two Lovers at Dusk', { width: 100, maxLines: 1 });
  assert.deepEqual([cut.lines[0]?.text, cut.isTruncated], ['Two Lover…', true]);
  assert.deepEqual(lines('Two Lovers\nat Dusk', { width: 200, maxLines: 1 }), ['Two Lovers…']);
  assert.deepEqual(lines('Two Lovers', { width: 60, maxLines: 1, wrap: 'none' }), ['Two L…']);
  assert.deepEqual(lines('ab e\u0301e\u0301', { width: 45, maxLines: 1, wrap: 'none' }), ['ab…']);
  assert.equal(layout('Two Lovers', { width: 100, maxLines: 1 }).isTruncated, false);
});

test('an ellipsis has the style of the letter before it', () => {
  const spans = [
    { ...SPAN, text: 'Two ' },
    { ...SPAN, text: 'Lovers', fontWeight: 700 },
  ];
  const [line] = layout('', { spans, width: 70, wrap: 'none', maxLines: 1 }).lines;
  assert.deepEqual(
    line?.runs.map(({ span }, i) => [textsOf(line)[i], span]),
    [
      ['Two ', 0],
      ['Lo…', 1],
    ],
  );
});

test('fonts of several sizes share a baseline, and the line is as high as the largest', () => {
  const spans = [
    { ...SPAN, text: 'a' },
    { ...SPAN, text: 'B', fontSize: 40 },
    { ...SPAN, text: '\nc' },
  ];
  const set = layout('', { spans });
  assert.deepEqual(
    set.lines.map(({ top, height, baseline }) => [top, height, baseline]),
    [
      [0, 40, 32],
      [40, 20, 56],
    ],
  );
  assert.equal(set.lines[0]?.width, 30);
});

test('letters are as far apart as asked for', () => {
  assert.equal(layout('', { spans: [{ ...SPAN, text: 'abc', letterSpacing: 5 }] }).width, 45);
});

test('a text shrinks until it fits, and no further than allowed', () => {
  const shrunk = (text: string, fields: Partial<TextSpec>): number | undefined =>
    layout(text, { fit: 'shrink', ...fields }).fontSizes[0];
  assert.equal(shrunk('abcd', { width: 100 }), 20, 'it fits');
  assert.equal(shrunk('abcdefgh', { width: 40 }), 10, 'no word is cut');
  assert.equal(shrunk('a\nb\nc\nd', { height: 40 }), 10);
  assert.equal(shrunk('Two Lovers', { width: 50, maxLines: 1 }), 10);
  assert.equal(shrunk('abcdefgh', { width: 10 }), 8, 'the least size');
  assert.equal(shrunk('abcdefgh', { width: 30, minFontSize: 30 }), 20, 'never larger');
  const spans = [
    { ...SPAN, text: 'abcd' },
    { ...SPAN, text: 'efgh', fontSize: 40 },
  ];
  const { fontSizes } = layout('', { spans, fit: 'shrink', width: 60, wrap: 'none' });
  assert.deepEqual(fontSizes, [10, 20]);
});
