import assert from 'node:assert/strict';
import { test } from 'node:test';
import { THREAD_FAULTS } from '../../src/core/heartbeat.js';
import type { InjectedFault } from '../../src/memory/culprit.js';
import type { ProgramHandle, ProgramListener } from '../../src/program/program-handle.js';
import { DEATHS_OF_A_POISONED_LAYER } from '../../src/program/poisoned-layers.js';
import type { LedgerSnapshot, ProgramState } from '../../src/stitcher/contract.js';
import { sceneFrom, snapshotOf } from '../support/engine.js';
import { openProgram } from '../support/program.js';
import { until } from '../support/until.js';

/** Every frame of it differs from the one before. */
const SCENE = sceneFrom({
  id: 'moving',
  width: 320,
  height: 180,
  layers: [
    {
      id: 'good',
      type: 'shape',
      shape: 'rectangle',
      width: 40,
      height: 40,
      animations: [
        {
          property: 'x',
          repeat: 'forever',
          keyframes: [
            { atMs: 0, value: 0 },
            { atMs: 4000, value: 280 },
          ],
        },
      ],
    },
    { id: 'bad', type: 'shape', shape: 'rectangle', y: 90, width: 40, height: 40 },
  ],
});

function startProgram(
  injectedFaults: readonly InjectedFault[],
  listener: Partial<ProgramListener> = {},
): ProgramHandle {
  return openProgram({ injectedFaults }, listener);
}

function renderedBy(program: ProgramHandle): number {
  return program.stats?.ledger.rendered ?? 0;
}

function ledgerOf(program: ProgramHandle): LedgerSnapshot {
  const ledger = program.stats?.ledger;
  assert.ok(ledger !== undefined);
  return ledger;
}

function assertLedgerIsWhole(program: ProgramHandle): void {
  const { clock, rendered, unchanged, late, skipped } = ledgerOf(program);
  assert.equal(rendered + unchanged + late + skipped, clock);
}

for (const fault of THREAD_FAULTS) {
  test(`a compositor that fails (${fault}) costs late slots, and neither the clock nor the encoder`, async () => {
    const states: ProgramState[] = [];
    const program = startProgram([], { onState: (state) => states.push(state) });
    try {
      program.show(snapshotOf(SCENE, { takenAtMs: Date.now() }));
      await program.ready;
      await program.start();
      await until('frames are drawn', () => renderedBy(program) > 10);
      const { clock } = program;
      program.inject('compositor', fault);
      await until('it is known to have ended', () => program.troubles.length > 0);
      assert.match(program.troubles[0] ?? '', /compositor/);
      await until('it is replaced', () => program.troubles.length === 0);
      const rendered = renderedBy(program);
      await until('frames are drawn again', () => renderedBy(program) > rendered + 10);
      assert.equal(program.clock, clock, 'the clock went on');
      assert.equal(program.stats?.encoderRestarts, 0);
      assert.ok(ledgerOf(program).late > 0, 'what was missing is counted');
      assertLedgerIsWhole(program);
      assert.deepEqual(states, ['starting', 'live']);
      assert.deepEqual(program.restarts, { stitcher: 0, compositor: 1, ingest: 0, mixer: 0 });
    } finally {
      await program.close();
    }
  });

  test(`a stitcher that fails (${fault}) is replaced, and live again by itself`, async () => {
    const program = startProgram([]);
    try {
      program.show(snapshotOf(SCENE, { takenAtMs: Date.now() }));
      await program.ready;
      await program.start();
      await until('frames are drawn', () => renderedBy(program) > 10);
      const { clock } = program;
      program.inject('stitcher', fault);
      await until('it is known to have ended', () => program.troubles.length > 0);
      await until('it has another clock', () => ![null, clock].includes(program.clock));
      await until('it is live again', () => program.state === 'live');
      await until('frames are drawn again', () => renderedBy(program) > 10);
      assertLedgerIsWhole(program);
      assert.deepEqual(program.troubles, []);
      assert.deepEqual(program.restarts, { stitcher: 1, compositor: 0, ingest: 0, mixer: 0 });
    } finally {
      await program.close();
    }
  });
}

for (const kind of ['exit', 'hang'] as const) {
  test(`a layer that ends the compositor each time (${kind}) costs itself, and not the stream`, async () => {
    const program = startProgram([{ layerId: 'bad', kind }]);
    try {
      program.show(snapshotOf(SCENE, { takenAtMs: Date.now() }));
      await program.start();
      await until('the rest of the scene is drawn', () => renderedBy(program) > 20);
      assert.equal(program.restarts.compositor, DEATHS_OF_A_POISONED_LAYER);
      await until('it is told of', () => program.stats?.layersOff.length === 1);
      const [off] = program.stats?.layersOff ?? [];
      assert.ok(off !== undefined);
      assert.equal(off.layerId, 'bad');
      assert.match(off.reason, /ended 3 times while it drew this layer/);
      assert.equal(program.state, 'live');
      assert.equal(program.stats?.encoderRestarts, 0);
      assertLedgerIsWhole(program);
    } finally {
      await program.close();
    }
  });
}
