import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryStep, type MemoryStep } from '../../src/core/memory-pressure.js';
import { MemoryWatch } from '../../src/metrics/memory-watch.js';

test('gives up caches first and layers then, and takes a step back only when there is room again', () => {
  const steps: MemoryStep[] = [];
  let step: MemoryStep = 'none';
  for (const bytes of [50, 79, 80, 89, 90, 85, 75, 69, 75, 81]) {
    step = memoryStep(bytes, 100, step);
    steps.push(step);
  }
  assert.deepEqual(steps, [
    ...(['none', 'none', 'caches', 'caches', 'layers'] as const),
    ...(['layers', 'layers', 'none', 'none', 'caches'] as const),
  ]);
});

test('says what is to be done when that changes, and not with every measurement', async () => {
  const done: MemoryStep[] = [];
  const told: [MemoryStep, number][] = [];
  let bytes = 10;
  const watch = new MemoryWatch({
    limitBytes: 100,
    measure: () => Promise.resolve(bytes),
    onStep: (step) => void done.push(step),
    onFailure: (error) => assert.fail(String(error)),
    onChange: (step, held) => void told.push([step, held]),
  });
  for (bytes of [10, 85, 86, 95, 60]) await watch.check();
  watch.close();
  assert.deepEqual(done, ['caches', 'layers', 'none']);
  assert.deepEqual(told, [
    ['caches', 85],
    ['layers', 95],
    ['none', 60],
  ]);
  assert.equal(watch.sheds, 2);
});

test('goes on when memory could not be measured once', async () => {
  const failures: string[] = [];
  const steps: MemoryStep[] = [];
  let isBroken = true;
  const watch = new MemoryWatch({
    limitBytes: 1000,
    measure: () => (isBroken ? Promise.reject(new Error('no /proc')) : Promise.resolve(950)),
    onStep: (step) => steps.push(step),
    onChange: () => undefined,
    onFailure: (error) => failures.push(String(error)),
  });
  await watch.check();
  isBroken = false;
  await watch.check();
  watch.close();
  assert.deepEqual(failures, ['Error: no /proc']);
  assert.deepEqual(steps, ['layers']);
});
