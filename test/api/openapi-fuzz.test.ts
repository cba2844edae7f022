import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NewLayerSchema } from '../../src/api/operations/layer-input.js';
import { LAYER_EXAMPLES } from '../../src/api/operations/layer-examples.js';
import { OpenApiFuzz, type JsonObject } from '../support/openapi-fuzz.js';
import { textFor } from '../support/pattern-text.js';
import { RandomNumbers } from '../support/random-numbers.js';
import { type Harness, startHarness } from './harness.js';

const PER_KIND = 60;

let api: Harness;
let document: JsonObject;
before(async () => {
  api = await startHarness();
  document = (await api.call('GET', '/api/openapi.json')).json;
});
after(() => api.close());

for (const kind of Object.keys(LAYER_EXAMPLES)) {
  test(`makes ${kind} layers that the schema takes, but for rules between fields`, () => {
    const fuzz = new OpenApiFuzz(document, new RandomNumbers(1));
    let taken = 0;
    for (let i = 0; i < PER_KIND; i++) {
      const layer = fuzz.value(fuzz.kind('NewLayer', kind));
      const result = NewLayerSchema.safeParse(layer);
      if (result.success) taken += 1;
      // What JSON Schema cannot say is checked by functions of ours, whose complaints are `custom`.
      for (const { code, path, message } of result.error?.issues ?? [])
        assert.equal(code, 'custom', `${path.join('/')} ${message} ${JSON.stringify(layer)}`);
    }
    assert.ok(taken > 0, 'not one of them was taken');
  });
}

test('makes the same values from the same seed, and others from another', () => {
  const layers = (seed: number): string => {
    const fuzz = new OpenApiFuzz(document, new RandomNumbers(seed));
    return JSON.stringify(Array.from({ length: 20 }, () => fuzz.component('NewLayer')));
  };
  assert.equal(layers(7), layers(7));
  assert.notEqual(layers(7), layers(8));
});

test('writes texts that fit the patterns they are made from', () => {
  const random = new RandomNumbers(3);
  const patterns = [...JSON.stringify(document).matchAll(/"pattern":("\^(?:[^"\\]|\\.)*")/g)];
  assert.ok(patterns.length > 10);
  for (const [, quoted = ''] of patterns) {
    const pattern: unknown = JSON.parse(quoted);
    assert.ok(typeof pattern === 'string');
    for (let i = 0; i < 20; i++) assert.match(textFor(pattern, random), new RegExp(pattern, 'u'));
  }
});
