import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isColor, toHexColor } from '../../src/scene/color.js';

test('takes a text that no parser of colours can read for no colour, and for black where one is drawn', () => {
  for (const text of [')', 'a)', '#fff)', 'rgb(', '(', '', '\n', '%']) {
    assert.equal(isColor(text), false, text);
    assert.equal(toHexColor(text), '#000000ff', text);
  }
  assert.equal(toHexColor('RGB(255 0 0)'), '#ff0000ff');
});
