import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { snapshotOf } from '../support/engine.js';
import { openProgram } from '../support/program.js';
import { eventually } from '../support/until.js';

/** No pool can be made of this: the thread ends before it takes a message. */
const DIES = -1;

test('a compositor that always dies is tried again for ever, and says why; the stream is live without it', async () => {
  const program = openProgram({ renderThreads: DIES });
  await eventually(() => program.troubles.length > 0);
  assert.match(program.troubles[0] ?? '', /^The compositor is being started again: .*/);
  await program.start();
  assert.equal(program.state, 'live');
  const restarts = program.restarts.compositor;
  await eventually(() => program.restarts.compositor > restarts + 1);
  await eventually(() => (program.stats?.ledger.clock ?? 0) > 30);
  const { clock, late, skipped } = program.stats?.ledger ?? { clock: 0, late: 0, skipped: 0 };
  assert.equal(late + skipped, clock, 'there is nothing new to show');
  assert.ok(late > skipped, 'black goes out all the same');
  await program.stop();
  await program.close();
});

test('every thread that takes the place of a dead one is told how short memory is, before its scene', async (t) => {
  const posted = t.mock.method(Worker.prototype, 'postMessage');
  const program = openProgram({ renderThreads: 1 });
  program.setMemoryStep('layers');
  program.show(snapshotOf(null));
  await program.ready;
  program.inject('compositor', 'crash');
  await eventually(() => program.restarts.compositor === 1 && program.troubles.length === 0);
  const perThread = new Map<unknown, string[]>();
  for (const { this: thread, arguments: args } of posted.mock.calls) {
    const { type } = z.object({ type: z.string() }).parse(args[0]);
    if (type === 'memory' || type === 'scene')
      perThread.set(thread, [...(perThread.get(thread) ?? []), type]);
  }
  assert.deepEqual(
    [...perThread.values()],
    [
      ['memory', 'scene'],
      ['memory', 'scene'],
    ],
  );
  await program.close();
});
