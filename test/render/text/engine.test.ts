import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FontCatalogue } from '../../../src/fonts/catalogue.js';
import { readFaces } from '../../../src/fonts/face.js';
import { createTextEngine } from '../../../src/render/text/engine.js';
import { revealText } from '../../../src/render/text/reveal.js';
import type { LineSpec } from '../../../src/render/text/shaped-line.js';
import { testFonts } from '../../support/test-fonts.js';
import { createMonospaceEngine, SPAN, specOf } from './monospace.js';

const FALLBACKS = [
  ...testFonts('noto-sans'),
  ...testFonts('noto-sans-arabic'),
  ...testFonts('noto-nastaliq-urdu'),
  ...testFonts('noto-sans-hebrew'),
  ...testFonts('noto-sans-devanagari'),
  ...testFonts('noto-sans-thai'),
  ...testFonts('kosugi'),
  ...testFonts('gowun-dodum'),
].flatMap(readFaces);
const engine = createTextEngine(new FontCatalogue(() => FALLBACKS));
const mono = createMonospaceEngine();

const INTER = { ...SPAN, fontFamily: 'Inter', fontSize: 40 };

function line(text: string, fields: Partial<LineSpec> = {}): LineSpec {
  return {
    text,
    fontFamily: 'Inter',
    fontSize: 40,
    fontWeight: 400,
    fontStyle: 'normal',
    letterSpacing: 0,
    direction: 'auto',
    digits: 'auto',
    ...fields,
  };
}

/** Texts of 4096 characters that were slow, or would be for who looks at them more than once. */
const HOSTILE: Readonly<Record<string, string>> = {
  'ideographic full stops': '。',
  'both directions': 'abc שלום (12) [x] ',
  Arabic: 'السعر 1250 يورو فقط مرحبا بالعالم ',
  Thai: 'สวัสดีชาวโลกยินดีต้อนรับ',
  Devanagari: 'नमस्ते दुनिया, क्षत्रिय ',
  'joined emoji': '👩‍🎨👍🏽🇪🇺❤️🏳️‍🌈🎉',
  'marks on marks': 'e\u0301\u0302\u0303\u0308',
  'one letter and marks': '\u0301',
  'line ends': '\n',
  isolates: '\u2067a\u2069ש',
  brackets: 'א([{',
  'soft hyphens': 'a\u00ad',
  joiners: '\u200d',
  'one of each script in turn': 'aא',
  spaces: ' ',
};
const LENGTH = 4096;
/** Of processor time: with one look at each character it takes some 20; it took 4,400 for the first. */
const MOST_MS = 1000;

for (const [what, part] of Object.entries(HOSTILE)) {
  test(`4096 characters are set without stopping the clock: ${what}`, () => {
    const text = part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH);
    for (const fields of [
      { width: 800 },
      { width: 1 },
      { width: 800, height: 300, fit: 'shrink' },
      { width: 800, align: 'justify' },
      { width: 300, maxLines: 2 },
      { width: 300, maxLines: 2, wrap: 'none' },
    ] as const) {
      const before = process.cpuUsage();
      const { lines } = engine.setText(specOf('', { spans: [{ ...INTER, text }], ...fields }));
      const { user } = process.cpuUsage(before);
      assert.ok(lines.length >= 1);
      assert.ok(user / 1000 < MOST_MS, `it took ${user / 1000} ms with ${JSON.stringify(fields)}`);
    }
  });
}

test('an Arabic word has the same letters whatever its colours, and is as wide', () => {
  const whole = engine.setText(specOf('', { spans: [{ ...INTER, text: 'مرحبا' }] }));
  const parts = ['مر', 'حبا'].map((text) => ({ ...INTER, text }));
  const colored = engine.setText(specOf('', { spans: parts }));
  assert.equal(colored.lines[0]?.width, whole.lines[0]?.width);
  assert.deepEqual(colored.lines[0]?.glyphs.ids, whole.lines[0]?.glyphs.ids);
});

test('kerning goes on across spans that differ in colour, and not across those that differ in size', () => {
  const width = (spans: readonly string[], sizes: readonly number[] = []): number =>
    engine.setText(
      specOf('', { spans: spans.map((text, i) => ({ ...INTER, text, fontSize: sizes[i] ?? 40 })) }),
    ).lines[0]?.width ?? 0;
  assert.equal(width(['A', 'V', 'A', 'T']), width(['AVAT']));
  assert.ok(width(['AVAT']) < width(['A', 'V', 'A', 'T'], [40, 40.01, 40, 40.01]) - 2);
});

test('letters do not move while a text is revealed, in whatever script', () => {
  for (const text of ['مرحبا بالجميع', 'नमस्ते दुनिया', 'office fflüssig', 'שלום 12 abc', '👩‍🎨👍🏽🇪🇺']) {
    const whole = engine.setText(specOf('', { spans: [{ ...INTER, text }] }));
    for (let share = 0; share <= 1; share += 0.05) {
      const shown = revealText(whole, share);
      assert.equal(shown.width, whole.width);
      for (const [i, { glyphs, runs }] of shown.lines.entries()) {
        assert.equal(glyphs, whole.lines[i]?.glyphs, 'nothing is shaped anew');
        for (const run of runs) {
          const own = whole.lines[i]?.runs.find(
            ({ from, span }) => from === run.from && span === run.span,
          );
          assert.ok(own !== undefined && run.first >= own.first && run.end <= own.end);
          assert.ok(run.x >= own.x - 1e-3 && run.x + run.width <= own.x + own.width + 1e-3, text);
        }
      }
    }
  }
});

test('what is revealed grows from where the text begins', () => {
  const edge = (text: string, share: number): number => {
    const shown = revealText(engine.setText(specOf('', { spans: [{ ...INTER, text }] })), share);
    return shown.lines[0]?.runs[0]?.x ?? Number.NaN;
  };
  const edges = [0.2, 0.4, 0.6, 0.8, 1].map((share) => edge('مرحبا', share));
  assert.deepEqual(
    edges,
    edges.toSorted((a, b) => b - a),
    'from the right to the left',
  );
  assert.equal(edges.at(-1), 0);
});

test('a ligature that is half revealed is clipped in its middle', () => {
  const layout = mono.setText(specOf('e\u0301a'));
  assert.equal(layout.lines[0]?.width, 20);
  const span = { ...INTER, fontFamily: 'Noto Sans', text: 'fi' };
  const ligature = engine.setText(specOf('', { spans: [span] }));
  const [run] = revealText(ligature, 0.5).lines[0]?.runs ?? [];
  assert.ok(run?.isClipped === true);
  assert.ok(Math.abs(run.width - (ligature.lines[0]?.width ?? 0) / 2) < 0.01);
});

test('a line has no tabs, line ends or controls, and keeps its words apart', () => {
  const { text } = engine.setLine(line('Score\t3:2\tFinal\rNext\u2028Line\u0000!\r\n\r\nEnd'));
  assert.equal(text, 'Score 3:2 Final Next Line ! End');
});

test('digits are as wide as each other or not, and colons between them are raised', () => {
  const width = (text: string, digits: LineSpec['digits']): number =>
    engine.setLine(line(text, { digits })).width;
  assert.equal(width('11:11', 'tabular'), width('00:00', 'tabular'));
  assert.ok(width('11:11', 'proportional') < width('00:00', 'proportional') - 20);
  const ids = (text: string): number[] => [...engine.setLine(line(text)).glyphs.ids];
  assert.notEqual(ids('1:1')[1], ids('a:a')[1]);
});

test('the same digit of two lines is the same part', () => {
  const [a, b] = ['12:34', '54:21'].map((text) =>
    engine.setLine(line(text, { digits: 'tabular' })),
  );
  assert.ok(a !== undefined && b !== undefined);
  assert.equal(engine.cut(a, 0, 1).key, engine.cut(b, 4, 5).key);
  assert.notEqual(engine.cut(a, 0, 1).key, engine.cut(a, 1, 2).key);
});

test('clusters are what people take for one character, from left to right without gaps', () => {
  for (const text of ['Two Lovers', 'שלום (5) abc', 'क्षत्रिय', '👩‍🎨👍🏽', 'e\u0301a', 'مرحبا']) {
    const set = engine.setLine(line(text));
    let x = 0;
    for (const cluster of set.clusters) {
      assert.ok(Math.abs(cluster.x - x) < 0.05, `${text}: ${cluster.x}, not ${x}`);
      x = cluster.x + cluster.width;
    }
    assert.ok(Math.abs(x - set.width) < 0.01);
    const covered = set.clusters.toSorted((a, b) => a.from - b.from);
    assert.equal(covered.map(({ from, to }) => text.slice(from, to)).join(''), text);
  }
});

test('lines of a style have one baseline, whatever their script', () => {
  const heights = ['Hello Ag', '日本 Ag', 'सोमवार Ag', 'مرحبا', '🎉'].map((text) => {
    const { ascent, descent } = engine.setLine(line(text));
    return [ascent, descent];
  });
  for (const height of heights) assert.deepEqual(height, heights[0]);
});

test('what glyphs cover is known, also where they reach far out of their line', () => {
  const span = { ...INTER, text: 'ٹھکانہ کگ', fontFamily: 'Noto Nastaliq Urdu' };
  const [set] = engine.setText(
    specOf('', { spans: [{ ...span, fontFamily: 'Inter, Noto Nastaliq Urdu' }] }),
  ).lines;
  assert.ok(
    set?.ink !== undefined && set.ink !== null && set.ink.y0 < -set.height * 0.6,
    JSON.stringify(set?.ink),
  );
});

test('the least width of a text is that of its longest word', () => {
  assert.equal(mono.minWidth(specOf('Real Madrid Club de Fútbol')), 60);
  assert.equal(mono.minWidth(specOf('12')), 20);
  assert.equal(mono.minWidth(specOf('')), 0);
});
