import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { createLogger } from '../../src/core/logger.js';
import { bitmapBudgetBytes, DEFAULT_MEMORY_LIMIT_BYTES } from '../../src/memory/budget.js';
import { createSharedMemory } from '../../src/memory/map.js';
import { ProgramHandle } from '../../src/program/program-handle.js';

test('a program thread that always dies is given up, and whoever asks is told', async () => {
  const states = new EventEmitter();
  const failed = once(states, 'failed');
  const program = new ProgramHandle(
    {
      ...{ name: 'program', niceness: 0 },
      ...{ logLevel: 'silent', ffmpegPath: null, dataDir: tmpdir() },
      tls: { verify: true, caFile: null },
      // No pool can be made of this: the thread ends before it takes a message.
      renderThreads: -1,
      memory: createSharedMemory(),
      bitmapLimitBytes: bitmapBudgetBytes(DEFAULT_MEMORY_LIMIT_BYTES),
      config: {
        ...{ width: 320, height: 180, frameRate: { num: 30, den: 1 } },
        ...{ bitrateBps: 500_000, preset: 'ultrafast' },
      },
    },
    createLogger('silent', 'test'),
    {
      onState: (state, reason) => states.emit(state, reason),
      onOutput: () => undefined,
      onPictureFailed: () => undefined,
      onLayerFailed: () => undefined,
      onLayerRecovered: () => undefined,
      onAir: () => undefined,
      onBatchLate: () => undefined,
    },
  );
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
