import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Starvation } from '../../src/core/starvation.js';
import { systemThreadId } from '../../src/core/thread-time.js';

const isTold = systemThreadId() > 0;
const DEADLINE_MS = 30_000;
const open: ChildProcess[] = [];

function run(command: string, ...args: string[]): number {
  const child = spawn(command, args, { stdio: 'ignore' });
  open.push(child);
  assert.ok(child.pid !== undefined);
  return child.pid;
}

afterEach(async () => {
  for (const child of open.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
});

/** Waits until it has grown by so much, which a machine may take its time for. */
async function grows(starvation: Starvation, byMs: number): Promise<void> {
  const before = starvation.measureMs() ?? NaN;
  const endMs = performance.now() + DEADLINE_MS;
  while (!((starvation.measureMs() ?? NaN) - before >= byMs)) {
    assert.ok(performance.now() < endMs, 'it does not grow');
    await sleep(50);
  }
}

test(
  'of a thread, it grows while others have the processors, and not while it wants none',
  { skip: !isTold },
  () => {
    for (let i = 0; i < 2 * availableParallelism(); i++) run(process.execPath, '-e', 'for (;;);');
    const starvation = Starvation.ofThread(systemThreadId);
    const beforeMs = starvation.measureMs() ?? NaN;
    const endMs = performance.now() + DEADLINE_MS;
    while ((starvation.measureMs() ?? NaN) - beforeMs < 100) assert.ok(performance.now() < endMs);
    assert.equal(Starvation.ofThread(() => 0).measureMs(), null);
  },
);

test(
  'of a process, it is that of its threads, and does not grow while the process is stopped',
  { skip: !isTold },
  async () => {
    const script = `const { Worker } = require('node:worker_threads');
      for (let i = 0; i < ${2 * availableParallelism()}; i++) new Worker('for (;;);', { eval: true });`;
    const pid = run(process.execPath, '-e', script);
    const starvation = Starvation.ofProcess(pid);
    await grows(starvation, 500);
    process.kill(pid, 'SIGSTOP');
    // Each of its threads stops by itself, at the end of its turn.
    await sleep(500);
    const stoppedMs = starvation.measureMs();
    await sleep(500);
    assert.equal(starvation.measureMs(), stoppedMs);
  },
);

test('a wait that does not end counts while it goes on', { skip: !isTold }, async () => {
  const pid = run(process.execPath, '-e', 'for (;;);');
  const starvation = Starvation.ofProcess(pid);
  await promisify(execFile)('taskset', ['-a', '-p', '-c', '0', String(pid)]);
  // Of the class that gets what nobody else wants.
  await promisify(execFile)('chrt', ['-a', '-i', '-p', '0', String(pid)]);
  for (let i = 0; i < 4; i++) run('taskset', '-c', '0', process.execPath, '-e', 'for (;;);');
  await grows(starvation, 1000);
});

test('of a process that there is none of nothing is known', () => {
  assert.equal(Starvation.ofProcess(2 ** 22 + 1).measureMs(), null);
});
