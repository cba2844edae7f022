import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Environment } from '@marcbachmann/cel-js';
import { VARIABLE_LIMITS } from '../../src/scene/limits.js';
import type { LayerInput } from '../../src/scene/schema/layer.js';
import { type Scene, SceneCheck } from '../../src/scene/schema/scene.js';
import { reduce } from '../../src/state/reduce.js';
import type { ServiceState } from '../../src/state/model.js';
import { emptyState, layerOf, NOW, sceneOf } from './samples.js';

/** What one request may bring must not keep the main thread: these count the work, since times depend on the machine. */

function created(scene: Scene): ServiceState {
  return reduce(emptyState(), { type: 'scene.create', scene }).state;
}

function texts(count: number, text: string): Scene {
  const layers = Array.from({ length: count }, (_, i): LayerInput => {
    return { id: `l${i}`, type: 'text', text };
  });
  return sceneOf({ id: 's', layers });
}

/** An expression of 32 characters in a text. */
const LONG = `{{${'1+'.repeat(15)}11}}`;

test('asks Intl once for each time zone, and never to check how a moment is written', (t) => {
  const zones = ['Europe/Paris', 'Asia/Tokyo', 'America/Lima', 'Africa/Cairo', 'Asia/Kolkata'];
  const clocks = (change: (zone: string) => string): LayerInput[] =>
    Array.from({ length: 490 }, (_, i) => ({
      id: `c${i}`,
      type: 'clock',
      timeZone: change(zones[i % zones.length] ?? 'UTC'),
      intl: { locale: `en-x-a${i}`, dateStyle: 'full', timeStyle: 'long' },
    }));
  const { mock: asked } = t.mock.method(Intl, 'DateTimeFormat');
  sceneOf({ id: 's', layers: clocks((zone) => zone) });
  sceneOf({ id: 's', layers: clocks((zone) => zone.toUpperCase()) });
  assert.equal(asked.callCount(), zones.length);
});

test('parses each expression once on its way from a request to the state', (t) => {
  const { mock: parsed } = t.mock.method(Environment.prototype, 'parse');
  created(texts(50, '{{a + 1}} {{b * 2}}'));
  assert.equal(parsed.callCount(), 100);
});

test('needs no parser for names of variables', (t) => {
  const { mock: parsed } = t.mock.method(Environment.prototype, 'parse');
  created(texts(50, '{{bid.amount}} by {{bidder}}'));
  assert.equal(parsed.callCount(), 0);
});

test('checks a scene once, however often it is handed on', () => {
  const first = SceneCheck.safeParse({ id: 's', layers: [{ id: 'a', type: 'text', text: 'x' }] });
  assert.ok(first.success);
  const again = SceneCheck.safeParse(first.data);
  assert.ok(again.success);
  assert.equal(again.data, first.data);
  assert.equal(SceneCheck.safeParse({ ...first.data, width: -1 }).success, false);
});

test('refuses more expressions than are parsed in a moment, with the sum, before any is parsed', (t) => {
  const { expressionCharsPerScene: limit } = VARIABLE_LIMITS;
  const count = Math.floor(limit / 320) + 1;
  const { mock: parsed } = t.mock.method(Environment.prototype, 'parse');
  assert.throws(() => created(texts(count, LONG.repeat(10))), {
    code: 'SM_REQUEST_INVALID',
    message: new RegExp(
      `contain ${count * 320} characters of expressions in total; the limit is ${limit}`,
    ),
  });
  assert.equal(parsed.callCount(), 0);
});

test('refuses the layer with which a scene would hold too many expressions', () => {
  const count = Math.floor(VARIABLE_LIMITS.expressionCharsPerScene / 320);
  const state = created(texts(count, LONG.repeat(10)));
  const layer = layerOf({ id: 'more', type: 'text', text: LONG.repeat(10) });
  const place = { sceneId: 's', groupId: null, index: null };
  assert.throws(() => reduce(state, { type: 'layer.create', layer, ...place, ...NOW }), {
    code: 'SM_SCENE_LOAD',
    message: /characters of expressions; the limit is/,
  });
});
