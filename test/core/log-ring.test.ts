import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogRing } from '../../src/core/log-ring.js';

function takeAll(ring: LogRing): string[] {
  const lines: string[] = [];
  for (let line = ring.take(0); line !== null; line = ring.take(0)) {
    lines.push(line.toString());
    ring.written(line);
  }
  return lines;
}

test('lines come out in order and whole, also around the end of the memory', () => {
  const ring = new LogRing();
  for (let round = 0; round < 50; round++) {
    const lines = Array.from({ length: 100 }, (_, i) => `${round}:${'ä'.repeat((i * 7) % 150)}\n`);
    for (const line of lines) ring.push(line);
    assert.deepEqual(takeAll(ring), lines);
  }
  assert.ok(ring.isEmpty);
  assert.equal(ring.dropped, 0);
});

test('what finds no room is dropped and counted, and there is room again when lines are written', () => {
  const ring = new LogRing();
  const line = `${'x'.repeat(1000)}\n`;
  for (let i = 0; i < 1000; i++) ring.push(line);
  const kept = takeAll(ring).length;
  assert.ok(kept > 200);
  assert.equal(kept + ring.dropped, 1000);
  ring.push('y'.repeat(100_000));
  assert.equal(kept + ring.dropped, 1001);
  ring.push('z\n');
  assert.deepEqual(takeAll(ring), ['z\n']);
  assert.ok(ring.drain(0));
});
