import assert from 'node:assert/strict';
import { test } from 'node:test';
import { revealText } from '../../../src/render/text/reveal.js';
import type { GlyphRun } from '../../../src/render/text/text-spec.js';
import { createMonospaceEngine, specOf, textsOf } from './monospace.js';

const engine = createMonospaceEngine();

function shown(text: string, share: number): GlyphRun[] {
  const layout = engine.setText(specOf(text));
  return revealText(layout, share).lines.flatMap(({ runs }) => [...runs]);
}

function words(text: string, share: number): string {
  return revealText(engine.setText(specOf(text)), share)
    .lines.flatMap(textsOf)
    .join('|');
}

test('the first signs are shown, line after line', () => {
  assert.equal(words('ab\ncd', 0), '');
  assert.equal(words('ab\ncd', 0.25), 'a');
  assert.equal(words('ab\ncd', 0.5), 'ab');
  assert.equal(words('ab\ncd', 0.75), 'ab|c');
  assert.equal(words('ab\ncd', 0.99), 'ab|c');
  assert.equal(words('ab\ncd', 1), 'ab|cd');
  assert.equal(words('👩‍🎨👍🏽', 0.5), '👩‍🎨');
});

test('shares out of their range are the nearest in it', () => {
  assert.equal(words('ab', -1), '');
  assert.equal(words('ab', 2), 'ab');
  assert.equal(words('abc', 2 / 3), 'ab');
});

test('letters that run to the left appear from the right, where they will stay', () => {
  const [run] = shown('שלום', 0.5);
  assert.deepEqual([run?.to, run?.x, run?.width], [2, 20, 20]);
});

test('letters that join look as if the next one were there', () => {
  assert.equal(words('مرحبا', 0.6), 'مرح');
  assert.equal(words('مرحبا', 1), 'مرحبا');
});
