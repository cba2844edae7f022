import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { type Harness, startHarness } from './harness.js';
import { openRpc } from './rpc-client.js';
import { eventually } from '../support/until.js';

let api: Harness;
before(async () => {
  api = await startHarness();
  for (const id of ['a', 'b']) {
    const layers = [{ id: 'title', type: 'text', text: id }];
    await api.call('POST', '/api/scenes', { body: { id, layers } });
  }
  await api.call('POST', '/api/scenes/a/activate');
});
after(() => api.close());

const ListSchema = z.object({
  scenes: z.array(z.object({ id: z.string(), onAir: z.boolean(), tally: z.string().nullable() })),
});

async function tallies(): Promise<Record<string, [onAir: boolean, tally: string | null]>> {
  const { scenes } = ListSchema.parse((await api.call('GET', '/api/scenes')).json);
  return Object.fromEntries(scenes.map(({ id, onAir, tally }) => [id, [onAir, tally]]));
}

test('says that nothing is in preview, and takes nothing on air then', async () => {
  const empty = await api.call('GET', '/api/preview');
  assert.deepEqual(empty.json, { sceneId: null, loadedAtMs: null });
  const reply = await api.call('POST', '/api/program/take', { body: {} });
  assert.equal(reply.status, 409);
  assert.equal(reply.textOf('code'), 'SM_PREVIEW_EMPTY');
  const layer = await api.call('GET', '/api/scenes/preview/layers/title');
  assert.equal(layer.textOf('code'), 'SM_SCENE_UNKNOWN');
  const unknown = await api.call('POST', '/api/preview', { body: { sceneId: 'no' } });
  assert.equal(unknown.textOf('code'), 'SM_SCENE_UNKNOWN');
});

test('loads a scene, changes it unseen under the name preview, takes it, and tells the tally', async () => {
  const rpc = await openRpc(`ws://127.0.0.1:${api.port}/ws`);
  await rpc.call('events.subscribe', { topics: ['scene'] });
  const loaded = await rpc.call('preview.load', { sceneId: 'b' });
  assert.equal(loaded.error, undefined);
  assert.deepEqual(await tallies(), { a: [true, 'program'], b: [false, 'preview'] });

  const patch = { body: { text: 'unseen' } };
  const changed = await api.call('PATCH', '/api/scenes/preview/layers/title', patch);
  assert.equal(changed.textOf('text'), 'unseen');
  const own = await api.call('GET', '/api/scenes/b/layers/title');
  assert.equal(own.textOf('text'), 'unseen');
  assert.equal((await api.call('GET', '/api/program')).textOf('sceneId'), 'a');

  const taken = await api.call('POST', '/api/program/take');
  assert.equal(taken.status, 200, taken.text);
  assert.deepEqual(await tallies(), { a: [false, 'preview'], b: [true, 'program'] });
  assert.equal((await api.call('GET', '/api/preview')).textOf('sceneId'), 'a');

  await api.call('DELETE', '/api/preview');
  assert.deepEqual(await tallies(), { a: [false, null], b: [true, 'program'] });
  await eventually(() => rpc.events.some(({ type }) => type === 'preview.cleared'));
  await eventually(() => rpc.events.filter(({ type }) => type === 'tally').length === 3);
  const told = rpc.events.filter(({ type }) => type === 'tally').map(({ data }) => data['scenes']);
  assert.deepEqual(told, [
    { a: 'program', b: 'preview' },
    { a: 'preview', b: 'program' },
    { b: 'program' },
  ]);
  rpc.close();
});

test('leaves a taken scene in preview, too, when it is told not to swap', async () => {
  await api.call('POST', '/api/preview', { body: { sceneId: 'a' } });
  await api.call('POST', '/api/program/take', { body: { swap: false } });
  assert.deepEqual(await tallies(), { a: [true, 'both'], b: [false, null] });
  const again = await api.call('POST', '/api/preview', { body: { sceneId: 'program' } });
  assert.equal(again.textOf('sceneId'), 'a');
});
