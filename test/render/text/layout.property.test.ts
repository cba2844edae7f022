import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { graphemeEnds } from '../../../src/render/text/graphemes.js';
import { createMonospaceEngine, SPAN, specOf, textsOf } from './monospace.js';

const engine = createMonospaceEngine();

/** Texts that mix scripts, directions, spaces and joined signs. */
const TEXT = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        'word',
        '\u00ad',
        '\u200b',
        ' ',
        '  ',
        '-',
        '\n',
        '(',
        ')',
        '日',
        '本',
        '。',
        '123',
        '!',
      ),
      fc.constantFrom('שלום', 'مرحبا', 'ไทย', '👩‍🎨', '🇪🇺', 'e\u0301', '\u200f', '\u2067', '\u2069'),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const SPEC = fc
  .record({
    texts: fc.array(TEXT, { minLength: 1, maxLength: 4 }),
    width: fc.option(fc.integer({ min: 1, max: 200 })),
    align: fc.constantFrom('start', 'end', 'center', 'justify'),
    direction: fc.constantFrom('auto', 'ltr', 'rtl'),
  })
  .map(({ texts, ...fields }) => ({
    ...specOf('', fields),
    spans: texts.map((text) => ({ ...SPAN, text })),
  }));

function letters(text: string): string {
  return text.replace(/[-\s\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

test('no letter is lost, doubled or put into another line', () => {
  fc.assert(
    fc.property(SPEC, (spec) => {
      const { lines } = engine.setText(spec);
      const all = spec.spans.map(({ text }) => text).join('');
      assert.equal(letters(lines.map(({ text }) => text).join('')), letters(all));
      for (const line of lines) {
        const runs = line.runs.toSorted((a, b) => a.from - b.from);
        assert.equal(letters(textsOf({ ...line, runs }).join('')), letters(line.text));
      }
    }),
    { numRuns: 300 },
  );
});

test('no wrapped line is wider than its box, unless it is a single sign', () => {
  fc.assert(
    fc.property(SPEC, (spec) => {
      const { lines } = engine.setText({ ...spec, align: 'start' });
      for (const { width, text } of lines) {
        const isSingle =
          graphemeEnds(text.replace(/[-\u00ad\u200b\u200e\u200f\u2066-\u2069]/g, '').trim())
            .length <= 1;
        assert.ok(spec.width === null || isSingle || width <= spec.width + 0.01, text);
      }
    }),
    { numRuns: 300 },
  );
});

test('runs of a line stand side by side', () => {
  fc.assert(
    fc.property(SPEC, (spec) => {
      for (const line of engine.setText({ ...spec, align: 'left' }).lines) {
        let x = 0;
        for (const run of line.runs) {
          assert.ok(Math.abs(run.x - x) < 1e-6, `${line.text} at ${run.x}, not ${x}`);
          x += run.width;
        }
        assert.ok(Math.abs(x - line.width) < 1e-6);
      }
    }),
    { numRuns: 300 },
  );
});
