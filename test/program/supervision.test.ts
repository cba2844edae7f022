import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { THREAD_FAULTS } from '../../src/core/heartbeat.js';
import { createLogger } from '../../src/core/logger.js';
import { bitmapBudgetBytes, DEFAULT_MEMORY_LIMIT_BYTES } from '../../src/memory/budget.js';
import type { InjectedFault } from '../../src/memory/culprit.js';
import { createSharedMemory } from '../../src/memory/map.js';
import {
  ProgramHandle,
  type ProgramInit,
  type ProgramListener,
} from '../../src/program/program-handle.js';
import { DEATHS_OF_A_POISONED_LAYER } from '../../src/program/poisoned-layers.js';
import type { LedgerSnapshot, ProgramState } from '../../src/stitcher/contract.js';
import { sceneFrom, snapshotOf } from '../support/engine.js';
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

const LISTENER: ProgramListener = {
  onState: () => undefined,
  onOutput: () => undefined,
  onClock: () => undefined,
  onPictureFailed: () => undefined,
  onLayerFailed: () => undefined,
  onLayerRecovered: () => undefined,
  onAir: () => undefined,
  onBatchLate: () => undefined,
};

function startProgram(
  injectedFaults: readonly InjectedFault[],
  listener: Partial<ProgramListener> = {},
): ProgramHandle {
  const init: ProgramInit = {
    logLevel: 'silent',
    ffmpegPath: null,
    dataDir: tmpdir(),
    tls: { verify: true, caFile: null },
    renderThreads: 1,
    memory: createSharedMemory(),
    bitmapLimitBytes: bitmapBudgetBytes(DEFAULT_MEMORY_LIMIT_BYTES),
    config: {
      width: 320,
      height: 180,
      frameRate: { num: 30, den: 1 },
      bitrateBps: 500_000,
      preset: 'ultrafast',
    },
    injectedFaults,
  };
  return new ProgramHandle(init, createLogger('silent', 'test'), { ...LISTENER, ...listener });
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
      assert.deepEqual(program.restarts, { stitcher: 0, compositor: 1 });
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
      const isAnew = (): boolean => program.clock !== null && program.clock !== clock;
      await until('it is live again', () => isAnew() && program.state === 'live');
      await until('frames are drawn again', () => renderedBy(program) > 10);
      assertLedgerIsWhole(program);
      assert.deepEqual(program.troubles, []);
      assert.deepEqual(program.restarts, { stitcher: 1, compositor: 0 });
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
