import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Stage } from '../../src/scene/motion/stage.js';
import { type Harness, startHarness } from './harness.js';

let api: Harness;
before(async () => {
  api = await startHarness();
  const layers = [{ id: 'bid', type: 'text', text: '1,250 €', x: 0 }];
  for (const id of ['one', 'two']) await api.call('POST', '/api/scenes', { body: { id, layers } });
  await api.call('POST', '/api/scenes/one/activate');
});
after(() => api.close());

/** How the scene on air came there, as long as that is not over. */
function runningType(): string | undefined {
  return api.store.state.program.transition?.kind.type;
}

function stageOf(sceneId: string): Stage | undefined {
  return api.store.state.stages[sceneId];
}

test('takes a transition with a change of a layer, and reads back where it goes', async () => {
  const reply = await api.call('PATCH', '/api/scenes/one/layers/bid', {
    body: { x: 300, color: '#ffcc00', transition: { durationMs: 60_000, easing: 'spring-gentle' } },
  });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.json['x'], 300);
  assert.equal(reply.json['transition'], undefined);
  const read = await api.call('GET', '/api/scenes/one/layers/bid');
  assert.deepEqual(read.json, reply.json);
  const former = stageOf('one')?.layers['bid'];
  assert.deepEqual([former?.was.x, former?.durationMs], [0, 60_000]);
});

test('takes it with a scene as well, in part or as a whole', async () => {
  const patched = await api.call('PATCH', '/api/scenes/two', {
    body: { background: '#102030', transition: { durationMs: 60_000 } },
  });
  assert.equal(patched.status, 200, patched.text);
  assert.equal(stageOf('two')?.background?.was, '#000000');
  const layers = [{ id: 'bid', type: 'text', text: '1,300 €', x: 40 }];
  const replaced = await api.call('PUT', '/api/scenes/two', {
    body: { layers, transition: { durationMs: 60_000, delayMs: 50 } },
  });
  assert.equal(replaced.status, 200, replaced.text);
  assert.equal(stageOf('two')?.layers['bid']?.was.x, 0);
});

test('refuses transitions that are none, with the field', async () => {
  for (const [transition, path] of [
    [{ durationMs: -1 }, '/transition/durationMs'],
    [{ easing: 'bouncy' }, '/transition/easing'],
    [{ duration: 400 }, '/transition/duration'],
  ] as const) {
    const reply = await api.call('PATCH', '/api/scenes/one/layers/bid', {
      body: { x: 1, transition },
    });
    assert.equal(reply.status, 422, reply.text);
    assert.ok(reply.text.includes(path), reply.text);
  }
});

test('refuses entries, exits and animations that cannot be', async () => {
  const layer = { id: 'bad', type: 'text', text: 'x' };
  const keyframes = [{ atMs: 0, value: 1 }];
  for (const [fields, path] of [
    [{ enter: { type: 'fly' } }, '/enter/type'],
    [{ enter: { type: 'slide' } }, '/enter/direction'],
    [{ exit: { type: 'fade', on: ['show'] } }, '/exit/on'],
    [
      { exit: { type: 'keyframes', animations: [{ property: 'text', keyframes }] } },
      '/exit/animations/0/property',
    ],
    [
      {
        enter: {
          type: 'keyframes',
          animations: [
            { property: 'x', keyframes: [...keyframes, { atMs: 9, value: 2 }], repeat: 'forever' },
          ],
        },
      },
      '/enter/animations/0/repeat',
    ],
    [{ animations: [{ property: 'anchor', keyframes }] }, '/animations/0/keyframes/0/value'],
    [{ animations: [{ property: 'layers.0', keyframes }] }, '/animations/0/property'],
  ] as const) {
    const reply = await api.call('POST', '/api/scenes/one/layers', {
      body: { ...layer, ...fields },
    });
    assert.equal(reply.status, 422, JSON.stringify(fields));
    assert.ok(reply.text.includes(`"${path}"`), reply.text);
  }
});

test('a layer that leaves is not there any more to whoever reads', async () => {
  await api.call('POST', '/api/scenes/one/layers', {
    body: { id: 'badge', type: 'text', text: 'new', exit: { type: 'fade', durationMs: 60_000 } },
  });
  assert.equal((await api.call('DELETE', '/api/scenes/one/layers/badge')).status, 204);
  assert.equal((await api.call('GET', '/api/scenes/one/layers/badge')).status, 404);
  assert.deepEqual(
    stageOf('one')?.leaving.map(({ layer }) => layer.id),
    ['badge'],
  );
});

test('sets how scenes give way to each other, and goes by it', async () => {
  const set = await api.call('PATCH', '/api/transitions', { body: { default: { type: 'fade' } } });
  assert.equal(set.status, 200, set.text);
  const pair = await api.call('PUT', '/api/transitions/program/two', {
    body: { transition: { type: 'push', direction: 'up', durationMs: 60_000 } },
  });
  assert.equal(pair.status, 200, pair.text);
  const all = await api.call('GET', '/api/transitions');
  assert.deepEqual(all.json, pair.json);
  assert.deepEqual(all.json['default'], { type: 'fade', durationMs: 500, easing: 'ease-in-out' });

  await api.call('POST', '/api/scenes/two/activate');
  assert.equal(runningType(), 'push');
  await api.call('POST', '/api/scenes/one/activate', { body: { transition: { type: 'iris' } } });
  assert.equal(runningType(), 'iris');
  await api.call('POST', '/api/scenes/two/activate', { body: { transition: { type: 'cut' } } });
  assert.equal(runningType(), undefined);

  assert.equal((await api.call('DELETE', '/api/transitions/one/two')).status, 204);
  const none = await api.call('DELETE', '/api/transitions/one/two');
  assert.equal(none.json['code'], 'SM_TRANSITION_UNKNOWN');
});
