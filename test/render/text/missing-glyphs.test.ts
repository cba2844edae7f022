import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerFont, registerShippedFonts } from '../../../src/render/canvas.js';
import { createMissingGlyphs } from '../../../src/render/text/missing-glyphs.js';
import { kindViewOf } from '../../../src/layers/views.js';
import { LayerSchema, type LayerInput } from '../../../src/scene/schema/layer.js';
import { SPAN } from './monospace.js';

registerShippedFonts();
const missingGlyphs = createMissingGlyphs();

function missing(text: string): string[] {
  return missingGlyphs([{ ...SPAN, text }]);
}

test('signs that the shipped fonts have are not missing', () => {
  assert.deepEqual(missing('Sold for 14.50 ETH! Ärger Žluťoučký Ελλάς Привет ắ'), []);
  assert.deepEqual(missing('👩‍🎨👍🏽🇪🇺❤️🏳️‍🌈 🙂'), []);
});

test('signs without ink are not missing', () => {
  assert.deepEqual(missing('a \u00a0\t\n\u200b\u200d\u2067\u00ad\u3000b'), []);
});

test('signs that no font has are named, each once', () => {
  assert.deepEqual(missing('a\u0378b\u0378'), ['\u0378']);
  assert.deepEqual(missing('\ue000 ok \u{10ffff}'), ['\ue000', '\u{10ffff}']);
  assert.deepEqual(missing('e\u0378\u0301'), ['\u0378\u0301']);
});

test('a file that is no font is not registered', () => {
  assert.equal(registerFont(Buffer.from('no font'), 'nothing'), false);
  assert.equal(registerFont('/nowhere/to/be/found.ttf', null), false);
});

test('every kind of layer that shows text is looked through', () => {
  const look = { id: 'a', fontSize: 20 };
  const found = (input: LayerInput): string[] => {
    const layer = LayerSchema.parse(input);
    return missingGlyphs(kindViewOf(layer).spans(layer));
  };
  assert.deepEqual(found({ ...look, type: 'text', text: 'a\u0378' }), ['\u0378']);
  assert.deepEqual(found({ ...look, type: 'text', spans: [{ text: '\u0378' }] }), ['\u0378']);
  const size = { width: 100, height: 20 };
  assert.deepEqual(found({ ...look, ...size, type: 'ticker', text: '\ue000' }), ['\ue000']);
  assert.deepEqual(found({ ...look, type: 'timer', format: '[\u0378] mm:ss' }), ['\u0378']);
  assert.deepEqual(found({ id: 'a', type: 'shape', shape: 'rectangle', ...size }), []);
});
