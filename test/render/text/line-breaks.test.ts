import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphemeEnds } from '../../../src/render/text/graphemes.js';
import { lineBreaks } from '../../../src/render/text/line-breaks.js';

/** The text cut at every place at which a line may end. */
function cut(text: string): string[] {
  let from = 0;
  return lineBreaks(text).map((to) => {
    const part = text.slice(from, to);
    from = to;
    return part;
  });
}

/** Cases of https://www.unicode.org/Public/UCD/latest/ucd/auxiliary/LineBreakTest.txt and its annex, by their rules. */
const CASES: readonly (readonly [rule: string, ...parts: string[]])[] = [
  ['LB18: after spaces', 'Two ', 'Lovers  ', 'at ', 'Dusk'],
  ['LB21: after a hyphen', 'well-', 'known'],
  ['LB12: not at a no-break space', '14\u00a0ETH'],
  ['LB11: not at a word joiner', 'a\u2060b'],
  ['LB8: after a zero width space', 'a\u200b', 'b'],
  ['LB13: not before closing punctuation', 'a ', 'b) ', 'c! ', 'd'],
  ['LB14: not after an opening bracket', '(a ', '[b] ', 'c)'],
  ['LB25: not inside numbers', '$1,250.00 ', '50% ', '-3'],
  ['LB21a: not after a Hebrew letter and a hyphen', 'א-ב'],
  ['LB30a: between flags, not inside them', '🇩🇪', '🇫🇷'],
  ['LB8a: not inside a joined emoji', '👩‍🎨', '👨‍👩‍👧'],
  ['LB30b: not before a skin tone', '👍🏽', '👍🏿'],
  ['LB9: not before a combining mark', 'e\u0301a ', 'o\u0308'],
  ['ideographs', '日', '本', '語、', 'で', 'す。'],
  ['not before a closing, nor after an opening corner bracket', '「引', '用」', 'と'],
  ['Hangul', '한', '국 ', '말'],
  ['soft hyphens', 'auc\u00ad', 'tion'],
  ['a dictionary of Thai', 'สวัสดี', 'ครับ'],
];

for (const [rule, ...parts] of CASES) {
  test(`lines break by UAX #14: ${rule}`, () => {
    assert.deepEqual(cut(parts.join('')), parts);
  });
}

test('signs are what people take for one', () => {
  assert.deepEqual(graphemeEnds('aé'), [1, 2]);
  assert.deepEqual(graphemeEnds('e\u0301x'), [2, 3]);
  assert.deepEqual(graphemeEnds('👩‍🎨!'), [5, 6]);
  assert.deepEqual(graphemeEnds('🇩🇪🇫🇷'), [4, 8]);
  assert.deepEqual(graphemeEnds(''), []);
});
