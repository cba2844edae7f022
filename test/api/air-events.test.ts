import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AirEvents } from '../../src/api/air-events.js';
import { airStateOf, isSameOnAir } from '../../src/state/air.js';
import type { Command } from '../../src/state/command.js';
import type { ServiceState } from '../../src/state/model.js';
import type { Applied } from '../../src/state/port.js';
import { reduce } from '../../src/state/reduce.js';
import { emptyState, sceneOf } from '../state/samples.js';

type Told = { readonly revision: unknown; readonly frame: unknown; readonly batchIds: unknown };

/** A state that commands are applied to, and what is told of it. */
function open(): { apply: (command: Command) => number; air: AirEvents; told: Told[] } {
  const told: Told[] = [];
  const air = new AirEvents(({ data: { revision, frame, batchIds } }) => {
    told.push({ revision, frame, batchIds });
  });
  let state: ServiceState = emptyState();
  const apply = (command: Command): number => {
    const before = state;
    const { state: after, events } = reduce(before, command);
    state = after;
    const applied: Applied = { command, before, after, events, acceptedAtNs: 0n };
    air.applied(applied, !isSameOnAir(airStateOf(before), airStateOf(after)));
    return after.revision;
  };
  apply({ type: 'scene.create', scene: sceneOf({ id: 'a' }) });
  apply({ type: 'scene.activate', sceneId: 'a', atMs: 0, transition: null });
  return { apply, air, told };
}

function paint(batchId: string, background: string): Command {
  const moment = { atMs: 0, transition: null };
  const commands: Command[] = [
    { type: 'scene.patch', sceneId: 'a', patch: { background }, ...moment },
  ];
  return { type: 'batch.apply', batchId, commands, late: false };
}

test('a batch is told with the frame that it went on air with, also when another has overtaken it', () => {
  const { apply, air, told } = open();
  const unseen: Command[] = [{ type: 'scene.create', scene: sceneOf({ id: 'b' }) }];
  apply({ type: 'batch.apply', batchId: 'unseen', commands: unseen, late: false });
  apply(paint('first', '#111111'));
  const revision = apply(paint('second', '#222222'));
  air.onAir(revision, { frame: 7, mediaTimeMs: 280 });
  air.onAir(revision, { frame: 8, mediaTimeMs: 320 });
  air.onAir(revision - 1, { frame: 9, mediaTimeMs: 360 });
  assert.deepEqual(told, [{ revision, frame: 7, batchIds: ['first', 'second'] }]);
});

test('a scheduled batch is told when it becomes part of the state, with the frame that it had by then', () => {
  const { apply, air, told } = open();
  apply({
    type: 'batch.schedule',
    batch: {
      id: 'later',
      state: 'scheduled',
      at: { frame: 3 },
      dueAtMs: 120,
      dueFrame: null,
      programTimeMs: null,
      late: 'apply',
      methods: [],
      commands: [{ type: 'preview.clear' }],
      chars: 2,
      createdAtMs: 0,
      endedAtMs: null,
      frame: null,
      wasLate: false,
      error: null,
    },
  });
  const frame = { frame: 3, mediaTimeMs: 120 };
  const revision = apply({ type: 'batch.commit', batchId: 'later', frame, late: false, atMs: 1 });
  air.onAir(revision, { frame: 5, mediaTimeMs: 200 });
  assert.deepEqual(told, [{ revision, frame: 3, batchIds: ['later'] }]);
});
