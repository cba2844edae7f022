import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnfinishedText } from '../../../src/render/text/allowance.js';
import { createTextEngine, type TextEngine } from '../../../src/render/text/engine.js';
import type { TextLayout, TextSpec } from '../../../src/render/text/text-spec.js';
import { SPAN, specOf } from './monospace.js';

const LONGEST = 4096;

/** What an engine needs to set a text when it may take so much at a time. */
function setInParts(
  engine: TextEngine,
  spec: TextSpec,
  characters: number,
): { readonly parts: number; readonly layout: TextLayout } {
  for (let parts = 1; parts <= LONGEST; parts++) {
    engine.allow(characters);
    try {
      return { parts, layout: engine.setText(spec) };
    } catch (error) {
      assert.ok(error instanceof UnfinishedText, String(error));
    }
  }
  return assert.fail('it never ends');
}

const TEXTS: Readonly<Record<string, string>> = {
  'words of letters': 'Two Lovers at Dusk ',
  'one word': 'abcdefg',
  'line ends': '\n',
  'a letter a line': 'a\n',
  'both directions': 'abc \u05e9\u05dc\u05d5\u05dd (12) ',
};

for (const [what, part] of Object.entries(TEXTS)) {
  test(`a long text is set over several frames, and looks as if it were set in one: ${what}`, () => {
    const text = part.repeat(LONGEST / part.length);
    const spec = specOf('', { spans: [{ ...SPAN, fontFamily: 'Inter', text }], width: 300 });
    const { parts, layout } = setInParts(createTextEngine(), spec, 1000);
    if (part.trim() !== '') assert.ok(parts > 1, `${parts}`);
    assert.ok(parts <= 14, `${parts} frames are more than its characters need`);
    assert.deepEqual(layout, createTextEngine().setText(spec));
  });
}

test('what is known already is set again whatever else there is to do', () => {
  const engine = createTextEngine();
  const spec = specOf('', { spans: [{ ...SPAN, fontFamily: 'Inter', text: 'Lot 42' }] });
  const layout = engine.setText(spec);
  const long = { ...spec, spans: [{ ...SPAN, fontFamily: 'Inter', text: 'Lot 42 '.repeat(99) }] };
  engine.setText(long);
  engine.allow(0);
  assert.equal(engine.setText(spec), layout);
  assert.throws(() => engine.setText({ ...long, width: 50 }), UnfinishedText);
});
