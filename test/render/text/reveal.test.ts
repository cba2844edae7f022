import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutText } from '../../../src/render/text/layout.js';
import { revealText } from '../../../src/render/text/reveal.js';
import type { TextRun } from '../../../src/render/text/text-spec.js';
import { measureMonospace, specOf } from './monospace.js';

function shown(text: string, share: number): TextRun[] {
  const layout = layoutText(specOf(text), measureMonospace);
  return revealText(layout, share, measureMonospace).lines.flatMap(({ runs }) => [...runs]);
}

function words(text: string, share: number): string {
  return shown(text, share)
    .map((run) => run.text)
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
  assert.deepEqual([run?.text, run?.x, run?.width], ['של', 20, 20]);
});

test('letters that join look as if the next one were there', () => {
  assert.equal(words('مرحبا', 0.6), 'مرح\u200d');
  assert.equal(words('مرحبا', 1), 'مرحبا');
});
