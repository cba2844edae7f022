import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from '../api/harness.js';

const OPTIONS = [
  { id: 'apple', label: 'The apple', value: 3 },
  { id: 'pear', label: 'The pear', value: 5 },
];

let api: Harness;
before(async () => {
  api = await startHarness();
  await api.call('PATCH', '/api/variables', { body: { values: { poll: OPTIONS } } });
  const vote = { id: 'vote', type: 'vote', bindings: { options: 'poll' } };
  await api.call('POST', '/api/scenes', { body: { id: 'show', layers: [vote] } });
  await api.call('POST', '/api/scenes/show/activate');
});
after(() => api.close());

test('a poll that is bound to a variable glides when that is set with a transition', async () => {
  const poll = OPTIONS.map((option) => ({ ...option, value: option.value * 10 }));
  const reply = await api.call('PATCH', '/api/variables', {
    body: { values: { poll }, transition: { durationMs: 60_000 } },
  });
  assert.equal(reply.status, 200, reply.text);
  const former = api.store.state.stages['show']?.layers['vote'];
  assert.equal(former?.durationMs, 60_000);
  assert.ok(former.was.type === 'vote');
  assert.deepEqual(
    former.was.options.map(({ value }) => value),
    [3, 5],
  );
});

test('a patch of a poll is checked as a whole, and says which option is wrong', async () => {
  const path = '/api/scenes/show/layers/vote';
  const twice = await api.call('PATCH', path, { body: { options: [OPTIONS[0], OPTIONS[0]] } });
  assert.equal(twice.status, 422, twice.text);
  assert.ok(twice.text.includes('/options/1/id'), twice.text);
  const fine = await api.call('PATCH', path, { body: { bindings: null, options: OPTIONS } });
  assert.equal(fine.status, 200, fine.text);
});
