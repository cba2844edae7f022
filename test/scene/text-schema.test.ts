import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCENE_LIMITS as LIMITS } from '../../src/scene/limits.js';
import { SceneSchema } from '../../src/scene/schema/scene.js';

/** Paths of what is wrong with a text layer of these fields. */
function complaints(fields: Readonly<Record<string, unknown>>): string[] {
  const layer = { id: 'a', type: 'text', ...fields };
  const { error } = SceneSchema.safeParse({ id: 's', layers: [layer] });
  return (error?.issues ?? []).map(({ path }) => path.slice(2).join('.'));
}

test('a text has its words as a whole or in spans', () => {
  assert.deepEqual(complaints({ text: '' }), []);
  assert.deepEqual(complaints({ spans: [{ text: 'a' }, { text: 'b', fontWeight: 700 }] }), []);
  assert.deepEqual(complaints({}), ['text']);
  assert.deepEqual(complaints({ spans: null }), ['text']);
});

test('spans have limits, one by one and together', () => {
  const spans = (count: number, chars: number): unknown[] =>
    Array.from({ length: count }, () => ({ text: 'x'.repeat(chars) }));
  assert.deepEqual(complaints({ spans: spans(LIMITS.spansPerText, 1) }), []);
  assert.deepEqual(complaints({ spans: spans(LIMITS.spansPerText + 1, 1) }), ['spans']);
  assert.deepEqual(complaints({ spans: spans(2, LIMITS.textChars / 2) }), []);
  assert.deepEqual(complaints({ spans: spans(2, LIMITS.textChars / 2 + 1) }), ['spans']);
  assert.deepEqual(complaints({ spans: [{ text: 'a', colour: 'red' }] }), ['spans.0']);
});

test('a text is filled with a colour or a gradient', () => {
  const stops = [
    { at: 0, color: 'red' },
    { at: 1, color: 'blue' },
  ];
  assert.deepEqual(complaints({ text: 'a', color: { type: 'linear', stops } }), []);
  assert.deepEqual(complaints({ text: 'a', color: { type: 'linear', stops: [] } }), [
    'color.stops',
  ]);
  assert.deepEqual(complaints({ text: 'a', box: { color: { type: 'conic', stops } } }), []);
});

test('padding is one number or one for each direction', () => {
  assert.deepEqual(complaints({ text: 'a', box: { padding: 8 } }), []);
  assert.deepEqual(complaints({ text: 'a', box: { padding: { x: 8 } } }), []);
  assert.deepEqual(complaints({ text: 'a', box: { padding: -1 } }), ['box.padding']);
});

test('how much of a text is revealed can move', () => {
  const keyframes = [
    { atMs: 0, value: 0 },
    { atMs: 500, value: 1 },
  ];
  const animations = [{ property: 'reveal', keyframes }];
  assert.deepEqual(complaints({ text: 'a', animations }), []);
  assert.deepEqual(complaints({ text: 'a', reveal: 1.1 }), ['reveal']);
});
