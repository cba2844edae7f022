import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Command } from '../../src/state/command.js';
import { readState } from '../../src/state/migrate.js';
import type { ServiceState } from '../../src/state/model.js';
import { reduce } from '../../src/state/reduce.js';
import { settleState } from '../../src/state/settle.js';
import { tallyOf } from '../../src/state/tally.js';
import { emptyState, sceneOf, SETTINGS } from './samples.js';

function apply(state: ServiceState, ...commands: readonly Command[]): ServiceState {
  return commands.reduce((before, command) => reduce(before, command).state, state);
}

function eventsOf(state: ServiceState, command: Command): [type: string, data: unknown][] {
  return reduce(state, command).events.map(({ type, data }) => [type, data]);
}

const load = (sceneId: string, atMs: number): Command => ({ type: 'preview.load', sceneId, atMs });
const take = (atMs: number, swap: boolean): Command => ({
  type: 'program.take',
  transition: null,
  atMs,
  swap,
});

const HOUSE = apply(
  emptyState(),
  { type: 'scene.create', scene: sceneOf({ id: 'a' }) },
  { type: 'scene.create', scene: sceneOf({ id: 'b' }) },
  { type: 'scene.activate', transition: null, sceneId: 'a', atMs: 10 },
);

test('a take puts the scene in preview on air and swaps the former one into preview', () => {
  const ready = apply(HOUSE, load('b', 20));
  assert.deepEqual(ready.program, { sceneId: 'a', takenAtMs: 10, transition: null });
  assert.deepEqual(ready.preview, { sceneId: 'b', loadedAtMs: 20 });
  const taken = apply(ready, take(30, true));
  assert.deepEqual(taken.program, { sceneId: 'b', takenAtMs: 30, transition: null });
  assert.deepEqual(taken.preview, { sceneId: 'a', loadedAtMs: 30 });
  assert.deepEqual(eventsOf(ready, take(30, true)), [
    [
      'scene.activated',
      {
        sceneId: 'b',
        previousSceneId: 'a',
        takenAtMs: 30,
        transition: { type: 'cut' },
        revision: taken.revision,
      },
    ],
    ['preview.loaded', { sceneId: 'a', loadedAtMs: 30, revision: taken.revision }],
    [
      'tally',
      {
        program: 'b',
        preview: 'a',
        scenes: { b: 'program', a: 'preview' },
        revision: taken.revision,
      },
    ],
  ]);
});

test('a take without a swap leaves the scene in preview, too', () => {
  const taken = apply(HOUSE, load('b', 20), take(30, false));
  assert.deepEqual(taken.preview, { sceneId: 'b', loadedAtMs: 20 });
  assert.deepEqual(tallyOf(taken), { program: 'b', preview: 'b', scenes: { b: 'both' } });
});

test('a take with nothing on air leaves nothing in preview', () => {
  const taken = apply(
    emptyState(),
    { type: 'scene.create', scene: sceneOf({ id: 'a' }) },
    load('a', 1),
    take(2, true),
  );
  assert.equal(taken.preview, null);
  assert.deepEqual(tallyOf(taken), { program: 'a', preview: null, scenes: { a: 'program' } });
});

test('a take with nothing in preview, and a load of a scene that is not there, are refused', () => {
  assert.throws(() => reduce(HOUSE, take(1, true)), { code: 'SM_PREVIEW_EMPTY' });
  assert.throws(() => reduce(HOUSE, load('no', 1)), { code: 'SM_SCENE_UNKNOWN' });
});

test('a scene that is removed or cleared is out of preview', () => {
  const ready = apply(HOUSE, load('b', 20));
  const dark = { program: 'a', preview: null, scenes: { a: 'program' } };
  assert.deepEqual(tallyOf(apply(ready, { type: 'scene.remove', sceneId: 'b' })), dark);
  assert.deepEqual(tallyOf(apply(ready, { type: 'preview.clear' })), dark);
  assert.deepEqual(eventsOf(HOUSE, { type: 'preview.clear' }), []);
});

test('no scene can have the name that stands for the one in preview', () => {
  assert.throws(() => reduce(HOUSE, { type: 'scene.create', scene: sceneOf({ id: 'preview' }) }), {
    code: 'SM_REQUEST_INVALID',
  });
});

test('a state of before has nothing in preview, and a preview survives a restart with its scene', () => {
  const { preview, ...before } = HOUSE;
  assert.equal(preview, null);
  assert.equal(readState(before).preview, null);
  const ready = apply(HOUSE, load('b', 20));
  assert.deepEqual(settleState(readState(structuredClone(ready)), SETTINGS), ready);
  const gone = { ...ready, scenes: ready.scenes.filter(({ id }) => id !== 'b') };
  assert.equal(settleState(gone, SETTINGS).preview, null);
});

test('the tally is told exactly when it changes, whatever is done', () => {
  const ids = fc.constantFrom('a', 'b', 'no');
  const commands = fc.oneof(
    ids.map((id) => load(id, 1)),
    fc.boolean().map((swap) => take(2, swap)),
    ids.map((sceneId): Command => ({ type: 'scene.activate', transition: null, sceneId, atMs: 3 })),
    ids.map((sceneId): Command => ({ type: 'scene.remove', sceneId })),
    ids.map((id): Command => ({ type: 'scene.create', scene: sceneOf({ id }) })),
    fc.constant<Command>({ type: 'preview.clear' }),
  );
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 12 }), (list) => {
      let state = HOUSE;
      let told = tallyOf(state);
      for (const command of list) {
        try {
          const { state: after, events } = reduce(state, command);
          const tallies = events.filter(({ type }) => type === 'tally');
          const hasChanged = JSON.stringify(tallyOf(after)) !== JSON.stringify(told);
          assert.equal(tallies.length, hasChanged ? 1 : 0);
          if (hasChanged)
            assert.deepEqual(tallies[0]?.data, { ...tallyOf(after), revision: after.revision });
          told = tallyOf(after);
          state = after;
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
        }
      }
    }),
  );
});
