import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAYER_EXAMPLES } from '../../src/api/operations/layer-examples.js';
import { TRANSITION_EXAMPLES } from '../../src/api/operations/transition-examples.js';
import { sceneFrom, renderStill } from '../support/engine.js';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness();
  await api.call('POST', '/api/scenes', { body: { id: 'show' } });
  await api.call('POST', '/api/scenes', { body: { id: 'break' } });
  await api.call('PATCH', '/api/variables', { body: { values: { bid: { amount: 1250 } } } });
});
after(() => api.close());

for (const [kind, example] of Object.entries(LAYER_EXAMPLES)) {
  test(`the example of a ${kind} layer is taken, and draws something`, async () => {
    const reply = await api.call('POST', '/api/scenes/show/layers', { body: example });
    assert.equal(reply.status, 201, reply.text);
    const size = { width: 480, height: 270 };
    const document = { id: 's', background: '#123456', layers: [example] };
    const nested = {
      break: sceneFrom({ id: 'break', width: 16, height: 9, background: '#ffffff' }),
    };
    const drawn = await renderStill(sceneFrom(document), { ...size, timeMs: 500, nested });
    const empty = await renderStill(sceneFrom({ ...document, layers: [] }), { ...size, timeMs: 0 });
    assert.notDeepEqual(drawn.i420, empty.i420);
  });
}

for (const [kind, transition] of Object.entries(TRANSITION_EXAMPLES)) {
  test(`the example of a ${kind} transition is taken`, async () => {
    const reply = await api.call('POST', '/api/scenes/break/activate', { body: { transition } });
    assert.equal(reply.status, 200, reply.text);
  });
}

test('the contract has all of them', async () => {
  const { text } = await api.call('GET', '/api/openapi.json');
  for (const example of [...Object.values(LAYER_EXAMPLES), ...Object.values(TRANSITION_EXAMPLES)])
    assert.ok(text.includes(JSON.stringify(example)), JSON.stringify(example));
});
