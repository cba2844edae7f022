import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FontCatalogue } from '../../src/fonts/catalogue.js';
import { readFaces } from '../../src/fonts/face.js';
import { registerShippedFonts } from '../../src/render/canvas.js';
import { createLineCells, groupClusters, type CellStyle } from '../../src/render/line-cells.js';
import { alike, digitAt, withDigit } from '../../src/render/text/decimal-digits.js';
import { createTextEngine } from '../../src/render/text/engine.js';
import { formatDuration } from '../../src/scene/time-text.js';
import { testFont, testFonts } from '../support/test-fonts.js';

registerShippedFonts();
const FALLBACKS = [testFont('noto-sans-arabic', 'arabic'), ...testFonts('noto-sans-devanagari')];
const engine = createTextEngine(new FontCatalogue(() => FALLBACKS.flatMap(readFaces)));
engine.fonts.add([
  { family: 'figures of many widths', path: testFont('zcool-xiaowei', 'chinese-simplified') },
]);

const STYLE: CellStyle = {
  fontFamily: 'Inter',
  fontSize: 40,
  fontWeight: 700,
  fontStyle: 'normal',
  letterSpacing: 0,
  direction: 'auto',
  digits: 'tabular',
};
const LOOK = { color: '#ffffff', shadows: [] };

test('a timer of hundredths of a second is painted once and stands still', () => {
  const cells = createLineCells(engine, STYLE, LOOK, 1);
  const keys = new Set<string>();
  const widths = new Set<number>();
  for (let ms = 0; ms < 400_000; ms += 17) {
    const text = formatDuration('mm:ss.cc', ms);
    const line = cells(text);
    widths.add(line.width);
    const pieces = line.pieces(text, 0, 40);
    assert.equal(pieces.length, 8);
    for (const { content } of pieces) keys.add(content.key);
  }
  assert.equal(widths.size, 1);
  // Ten digits in at most four places between two pixels, a colon and a point.
  assert.ok(keys.size <= 42, String(keys.size));
});

test('digits of a font that has none of one width keep their places', () => {
  const style = { ...STYLE, fontFamily: 'figures of many widths', fontWeight: 400 };
  const cells = createLineCells(engine, style, LOOK, 1);
  const widths = ['12:41', '44:44', '11:11'].map((text) => cells(text).width);
  assert.equal(new Set(widths).size, 1, widths.join(' '));
  const free = createLineCells(engine, { ...style, digits: 'auto' }, LOOK, 1);
  assert.ok(free('11:11').width < free('44:44').width);
});

test('a 1 in a sentence takes the room of a 1', () => {
  const width = (digits: CellStyle['digits'], text: string): number =>
    createLineCells(engine, { ...STYLE, digits }, LOOK, 1)(text).width;
  assert.equal(width('tabular', '111'), width('tabular', '000'));
  assert.ok(width('proportional', '111') < width('proportional', '000') * 0.8);
});

test('long texts are cut where no letter is changed by it, never inside what is one character', () => {
  for (const text of [
    'क्षत्रिय '.repeat(60),
    '👩\u200d🎨👍🏽🇪🇺'.repeat(40),
    'e\u0301\u0323'.repeat(200),
    'مرحبابالجميع'.repeat(40),
    'ffi'.repeat(200),
    'unbroken'.repeat(100),
  ]) {
    const line = engine.setLine({ ...STYLE, digits: 'auto', text });
    const groups = groupClusters(line, 400, false);
    assert.ok(groups.length > 3, text.slice(0, 20));
    assert.equal(groups[0]?.first, 0);
    assert.equal(groups.at(-1)?.end, line.clusters.length);
    for (const [i, { first }] of groups.entries()) {
      if (i > 0) assert.equal(groups[i - 1]?.end, first);
      assert.ok(i === 0 || line.clusters[first]?.isSafe === true);
    }
    const ends = new Set(Array.from(new Intl.Segmenter().segment(line.text), ({ index }) => index));
    for (const { from } of line.clusters) assert.ok(ends.has(from), `${from} in ${text}`);
  }
});

test('digits of every script have their values', () => {
  for (const digits of [
    '0123456789',
    '٠١٢٣٤٥٦٧٨٩',
    '۰۱۲۳۴۵۶۷۸۹',
    '०१२३४५६७८९',
    '๐๑๒๓๔๕๖๗๘๙',
    '০১২৩৪৫৬৭৮৯',
  ]) {
    assert.deepEqual(
      Array.from(digits, (_, i) => digitAt(digits, i)),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    assert.equal(withDigit(digits, 7), digits.charAt(7).repeat(10));
  }
  assert.equal(digitAt('a', 0), null);
  assert.equal(alike('12:59 PM ۴'), alike('00:00 PM ۰'));
});
