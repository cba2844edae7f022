import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { createLogger } from '../../src/core/logger.js';
import { bitmapBudgetBytes, DEFAULT_MEMORY_LIMIT_BYTES } from '../../src/memory/budget.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { ProgramHandle, type ProgramListener } from '../../src/program/program-handle.js';

const LISTENER: ProgramListener = {
  onState: () => undefined,
  onOutput: () => undefined,
  onPictureFailed: () => undefined,
  onLayerFailed: () => undefined,
  onLayerRecovered: () => undefined,
  onAir: () => undefined,
  onBatchLate: () => undefined,
};

function startProgram(renderThreads: number, listener: Partial<ProgramListener>): ProgramHandle {
  return new ProgramHandle(
    {
      name: 'program',
      niceness: 0,
      logLevel: 'silent',
      ffmpegPath: null,
      dataDir: tmpdir(),
      tls: { verify: true, caFile: null },
      renderThreads,
      memory: createSharedMemory(),
      bitmapLimitBytes: bitmapBudgetBytes(DEFAULT_MEMORY_LIMIT_BYTES),
      config: {
        width: 320,
        height: 180,
        frameRate: { num: 30, den: 1 },
        bitrateBps: 500_000,
        preset: 'ultrafast',
      },
    },
    createLogger('silent', 'test'),
    { ...LISTENER, ...listener },
  );
}

/** No pool can be made of this: the thread ends before it takes a message. */
const DIES = -1;

test('a program thread that always dies is given up, and whoever asks is told', async () => {
  const states = new EventEmitter();
  const failed = once(states, 'failed');
  const program = startProgram(DIES, { onState: (state, reason) => states.emit(state, reason) });
  await Promise.all([
    assert.rejects(program.start(), { code: 'SM_THREAD_EXITED' }),
    assert.rejects(program.ready, { code: 'SM_THREAD_EXITED' }),
  ]);
  assert.match(String(await failed), /keeps crashing/);
  assert.equal(program.state, 'failed');
  await assert.rejects(program.start(), { code: 'SM_THREAD_EXITED' });
  await program.stop();
  await program.close();
});

test('every thread that takes the place of a dead one is told how short memory is, before its scene', async (t) => {
  const posted = t.mock.method(Worker.prototype, 'postMessage');
  const states = new EventEmitter();
  const failed = once(states, 'failed');
  const program = startProgram(DIES, { onState: (state, reason) => states.emit(state, reason) });
  program.ready.catch(() => undefined);
  program.setMemoryStep('layers');
  await failed;
  const perThread = new Map<unknown, string[]>();
  for (const { this: thread, arguments: args } of posted.mock.calls) {
    const { type } = z.object({ type: z.string() }).parse(args[0]);
    perThread.set(thread, [...(perThread.get(thread) ?? []), type]);
  }
  assert.ok(perThread.size > 2, `${perThread.size} threads`);
  for (const types of perThread.values()) assert.equal(types[0], 'memory');
  await program.close();
});
